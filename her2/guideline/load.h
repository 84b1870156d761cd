// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/guideline/catalog.h"
#include "her2/guideline/table.h"
#include "her2/guideline/toml_reader.h"

namespace her2 {

// Reads one guideline file; `based_on` is not resolved yet and `hash` not set. Errors lack the file's name.
Result<Guideline> load_guideline(const std::string& content, const Dictionary& dictionary,
                                 const ParameterChanges& changes);

}  // namespace her2
