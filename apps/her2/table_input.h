// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/exchange/column_map.h"
#include "her2/exchange/vocabulary.h"

namespace her2::app {

// A column map by name: one of those built in, or a file; "" is "plain".
Result<ColumnMap> load_map(const std::string& name, const Dictionary& dictionary);
// The spellings that all maps share.
Result<Vocabulary> shared_vocabulary(const Dictionary& dictionary);

}  // namespace her2::app
