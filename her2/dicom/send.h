// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/core/error.h"

// DICOM files to an archive. Both fail when any file was not taken, and say which and why; what the archive had taken
// until then stays there. Sending a file twice is harmless: its UID is the same.
namespace her2 {

struct StoreServer {
  std::string host;
  int port = 104;
  std::string called = "ANY-SCP", calling = "HER2";  // application entity titles, 1 to 16 characters
  int timeout_s = 30;                                // for each answer of the server, connecting included
};

// By C-STORE, one association for all. Only the transfer syntax that each file has is offered.
Result<void> send_by_c_store(const std::vector<std::string>& files, const StoreServer& server);

struct WebServer {
  std::string url;             // of DICOMweb: "http://127.0.0.1:8042/dicom-web"; "/studies" is added
  std::string user, password;  // basic authentication; empty: none
  int timeout_s = 30;          // to connect, and without any byte moving
};

// By STOW-RS, all in one request, streamed. Certificates are checked; redirections are not followed.
Result<void> send_by_stow(const std::vector<std::string>& files, const WebServer& server);

}  // namespace her2
