// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

namespace her2::app {

// The part of `her2 export` that writes a scored slide as DICOM objects.
struct DicomOptions {
  std::string slide, pseudonym, shape = "cells";

  void add_to(CLI::App& command);
};

// `time`: "2026-11-23T10:00:00Z". Returns the exit code; says what was written.
int export_as_dicom(const DicomOptions& options, const std::string& result, const std::string& out,
                    const std::string& report, const std::string& time);

// DICOM annotations as GeoJSON. Returns the exit code; nothing when the file is no such object.
std::optional<int> import_annotations(const std::string& path, const std::string& out);

}  // namespace her2::app
