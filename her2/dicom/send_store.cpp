// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <tuple>

#include <dcmtk/config/osconfig.h>
// After osconfig.h, which the others need.
#include <dcmtk/dcmnet/scu.h>
#include <fmt/format.h>

#include "her2/dicom/dataset.h"
#include "her2/dicom/send.h"

namespace her2 {
namespace {

struct Kind {
  std::string sop_class, syntax;  // UIDs
  bool operator<(const Kind& other) const {
    return std::tie(sop_class, syntax) < std::tie(other.sop_class, other.syntax);
  }
};

Result<Kind> kind_of(const std::string& path) {
  DcmFileFormat file;
  const OFCondition read = file.loadFileUntilTag(OFFilename(path.c_str()), EXS_Unknown, EGL_noChange, 256, ERM_fileOnly,
                                                 DCM_StudyInstanceUID);
  if (read.bad()) {
    return fail(fmt::format("cannot be read as DICOM ({})", read.text()), {}, path);
  }
  Kind out{dicom::text_of(*file.getMetaInfo(), DCM_MediaStorageSOPClassUID),
           dicom::text_of(*file.getMetaInfo(), DCM_TransferSyntaxUID)};
  if (out.sop_class.empty() || out.syntax.empty()) {
    return fail("does not say in its header what it holds; it is no DICOM file", {}, path);
  }
  return out;
}

Error refused(const OFCondition& condition, const StoreServer& server, std::string_view what) {
  return {{}, fmt::format("{}:{}", server.host, server.port), fmt::format("{}: {}", what, condition.text())};
}

// Releases what was negotiated, however the sending ends.
class Association {
 public:
  explicit Association(const StoreServer& server) {
    scu_.setConnectionTimeout(server.timeout_s);
    scu_.setAETitle(server.calling);
    scu_.setPeerHostName(server.host);
    scu_.setPeerPort(static_cast<Uint16>(server.port));
    scu_.setPeerAETitle(server.called);
    scu_.setACSETimeout(static_cast<Uint32>(server.timeout_s));
    scu_.setDIMSETimeout(static_cast<Uint32>(server.timeout_s));
    scu_.setDIMSEBlockingMode(DIMSE_NONBLOCKING);
  }
  Association(const Association&) = delete;
  Association& operator=(const Association&) = delete;
  ~Association() {
    if (scu_.isConnected()) {
      scu_.releaseAssociation();
    }
  }

  Result<void> negotiate(const std::set<Kind>& kinds, const StoreServer& server) {
    for (const Kind& kind : kinds) {
      OFList<OFString> syntaxes;
      syntaxes.emplace_back(kind.syntax);
      scu_.addPresentationContext(kind.sop_class, syntaxes);
    }
    if (const OFCondition ready = scu_.initNetwork(); ready.bad()) {
      return tl::unexpected(refused(ready, server, "the network cannot be used"));
    }
    if (const OFCondition agreed = scu_.negotiateAssociation(); agreed.bad()) {
      return tl::unexpected(refused(
          agreed, server, fmt::format("no association (called {}, calling {})", server.called, server.calling)));
    }
    return {};
  }

  Result<void> send(const std::string& path, const Kind& kind, const StoreServer& server) {
    const auto context = scu_.findPresentationContextID(kind.sop_class, kind.syntax);
    if (context == 0) {
      return fail(fmt::format("{}:{} does not take objects of its kind ({})", server.host, server.port, kind.sop_class),
                  {}, path);
    }
    Uint16 status = 0;
    const OFCondition sent = scu_.sendSTORERequest(context, OFFilename(path.c_str()), nullptr, status);
    if (sent.bad()) {
      return tl::unexpected(located(refused(sent, server, "was not taken"), path));
    }
    constexpr unsigned kWarning = 0xB000;  // coercions and the like (PS3.7): stored all the same
    if (status != 0 && (status & 0xF000U) != kWarning) {
      return fail(fmt::format("{}:{} refused it with status {:04X}", server.host, server.port, status), {}, path);
    }
    return {};
  }

 private:
  DcmSCU scu_;
};

}  // namespace

Result<void> send_by_c_store(const std::vector<std::string>& files, const StoreServer& server) {
  constexpr std::size_t kMostTitle = 16;
  constexpr int kMostPort = 65535;
  dicom::quiet();
  for (const std::string& title : {server.called, server.calling}) {
    if (title.empty() || title.size() > kMostTitle) {
      return fail(fmt::format("application entity title '{}': give 1 to 16 characters", title));
    }
  }
  if (server.host.empty() || server.port < 1 || server.port > kMostPort) {
    return fail(fmt::format("'{}:{}' is no host and port", server.host, server.port));
  }
  std::vector<Kind> kinds;
  for (const std::string& path : files) {
    auto kind = kind_of(path);
    if (!kind) {
      return tl::unexpected(kind.error());
    }
    kinds.push_back(std::move(*kind));
  }
  Association association(server);
  auto done = association.negotiate({kinds.begin(), kinds.end()}, server);
  for (std::size_t i = 0; done && i < files.size(); ++i) {
    done = association.send(files[i], kinds[i], server);
  }
  return done;
}

}  // namespace her2
