// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace her2 {

// A sentence that is kept in English, because a file, the record or a room below this one holds it, as the report says
// it. The English sentences of the group "kept" are read as patterns: the one that fits is said in the language of the
// calling thread with what stands at its placeholders; a number there is written as the language does, and chooses the
// plural form. Where several sentences stand in a row ("; " between them) each is said. What fits none stands as it was
// written: another version wrote it, or a person. In English nothing is changed. At most 16 placeholders.
// docs/decisions/0014-kept-sentences.md
[[nodiscard]] std::string retold(std::string_view sentence);

}  // namespace her2
