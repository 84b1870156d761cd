// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace her2 {

// A DICOM UID made of a text and nothing else: "2.25." and the decimal number of a UUID (version 8, RFC 9562) that is
// the first 128 bits of the text's SHA-256. At most 44 characters of the 64 that DICOM allows. Same text, same UID, for
// ever.
std::string derived_uid(std::string_view text);

// Whether a text can be a UID: digits and dots, no empty or zero-led part, 1 to 64 characters.
bool is_uid(std::string_view text);

}  // namespace her2
