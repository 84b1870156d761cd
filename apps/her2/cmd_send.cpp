// SPDX-License-Identifier: Apache-2.0
// her2 send: files to other systems.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "common.h"
#include "her2/core/output_file.h"
#include "her2/mllp/client.h"
#ifdef HER2_IMAGING
#include "her2/dicom/send.h"
#endif

namespace her2::app {
namespace {

struct SendArguments {
  std::vector<std::string> files;
  std::string mllp, stow, store, aet = "HER2", user, password_file;
  int timeout = 30;
};

int by_mllp(const SendArguments& arguments) {
  const auto to = net::host_port(arguments.mllp);
  if (!to) {
    return complain(to.error());
  }
  int code = kDone;
  for (const std::string& path : arguments.files) {
    const auto message = read_file(path, std::size_t{64} << 20);
    if (!message) {
      return complain(message.error());
    }
    const auto answer = send_by_mllp(*message, *to, arguments.timeout);
    if (!answer) {
      return complain(answer.error().file.empty() ? located(answer.error(), path) : answer.error());
    }
    fmt::print("{}: {}{}{}\n", path, name_of(answer->code), answer->reason.empty() ? "" : " ", answer->reason);
    code = answer->code == AckCode::accepted ? code : kRefused;
  }
  return code;
}

#ifdef HER2_IMAGING
// The .dcm files of folders, and files as they are.
std::vector<std::string> dicom_files(const std::vector<std::string>& given) {
  namespace fs = std::filesystem;
  std::vector<std::string> out;
  for (const std::string& path : given) {
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
      out.push_back(path);
      continue;
    }
    std::vector<std::string> inside;
    for (const auto& entry : fs::directory_iterator(path, failed)) {
      if (entry.path().extension() == ".dcm") {
        inside.push_back(entry.path().string());
      }
    }
    std::sort(inside.begin(), inside.end());
    out.insert(out.end(), inside.begin(), inside.end());
  }
  return out;
}

Result<void> by_dicom(const SendArguments& arguments, const std::vector<std::string>& files) {
  if (files.empty()) {
    return fail("there is no .dcm file in what was named");
  }
  if (!arguments.stow.empty()) {
    WebServer server{arguments.stow, arguments.user, {}, arguments.timeout};
    if (!arguments.password_file.empty()) {
      auto password = read_file(arguments.password_file, 4096);
      if (!password) {
        return tl::unexpected(password.error());
      }
      server.password = password->substr(0, password->find_first_of("\r\n"));
    }
    return send_by_stow(files, server);
  }
  const auto at = arguments.store.find('@');
  if (at == std::string::npos) {
    return fail(fmt::format("--store {}: give AETITLE@HOST:PORT", arguments.store));
  }
  const auto to = net::host_port(arguments.store.substr(at + 1));
  if (!to) {
    return tl::unexpected(to.error());
  }
  return send_by_c_store(files, {to->host, to->port, arguments.store.substr(0, at), arguments.aet, arguments.timeout});
}
#endif

int sent(const SendArguments& arguments) {
  if (!arguments.mllp.empty()) {
    return by_mllp(arguments);
  }
#ifdef HER2_IMAGING
  if (!arguments.stow.empty() || !arguments.store.empty()) {
    const auto files = dicom_files(arguments.files);
    if (const auto done = by_dicom(arguments, files); !done) {
      return complain(done.error());
    }
    fmt::print("{} object{} sent\n", files.size(), files.size() == 1 ? "" : "s");
    return kDone;
  }
#endif
  return complain({{}, {}, "say where to: --mllp HOST:PORT, --stow URL or --store AETITLE@HOST:PORT"});
}

}  // namespace

void add_send(CLI::App& app, int& code) {
  auto arguments = std::make_shared<SendArguments>();
  CLI::App* command = app.add_subcommand("send", "Messages and DICOM objects to another system");
  command->add_option("files", arguments->files, "HL7 v2 messages (--mllp); DICOM files, or folders of them")
      ->required();
  CLI::Option* mllp = command->add_option("--mllp", arguments->mllp, "HOST:PORT of an HL7 v2 listener");
  CLI::Option* stow = command->add_option("--stow", arguments->stow, "URL of a DICOMweb server (STOW-RS)");
  CLI::Option* store =
      command->add_option("--store", arguments->store, "AETITLE@HOST:PORT of a DICOM archive (C-STORE)");
  mllp->excludes(stow)->excludes(store);
  stow->excludes(store);
  command->add_option("--aet", arguments->aet, "our application entity title")->capture_default_str();
  CLI::Option* user = command->add_option("--user", arguments->user, "DICOMweb: user of basic authentication");
  command->add_option("--password-file", arguments->password_file, "DICOMweb: file whose first line is the password")
      ->needs(user);
  command->add_option("--timeout", arguments->timeout, "seconds without an answer after which it is given up")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command->footer(
      "\nExamples:\n"
      "  her2 send result.hl7 --mllp 127.0.0.1:2575\n"
      "  her2 send dicom/ --stow http://127.0.0.1:8042/dicom-web\n"
      "  her2 send dicom/ --store ORTHANC@127.0.0.1:4242\n"
      "\nExit code 1: the other system refused a message (AE, AR). Sending again is safe: control ids and UIDs stay.\n"
      "MLLP and C-STORE are not encrypted: use them within a network that is trusted, or a tunnel.");
  command->callback([arguments, &code] { code = sent(*arguments); });
}

}  // namespace her2::app
