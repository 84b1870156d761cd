// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <dcmtk/config/osconfig.h>
// After osconfig.h, which the others need.
#include <dcmtk/dcmdata/dctk.h>

#include "her2/core/error.h"

// The little of DCMTK that our objects need, with the first failure kept. Only files of this room include it.
namespace her2::dicom {

// DCMTK writes what it notices to standard error unless told not to, for the whole process.
void quiet();

struct Code {
  std::string value, scheme, meaning;  // at most 16, 16 and 64 characters
};
// A code of our own; value and meaning are cut to what DICOM allows.
Code own_code(std::string_view value, std::string_view meaning);
// The first `most` characters of a UTF-8 text.
std::string cut(std::string_view text, std::size_t most);
inline constexpr const char* kOwnScheme = "99HER2";

// Puts values into a data set or an item of a sequence.
class Filler {
 public:
  explicit Filler(DcmItem& item) : item_(&item) {}

  Filler& text(const DcmTagKey& tag, std::string_view value);  // empty: present without a value
  Filler& u16(const DcmTagKey& tag, unsigned value);
  Filler& u32(const DcmTagKey& tag, unsigned long value);
  Filler& code(const DcmTagKey& tag, const Code& code);
  // A new item at the end of a sequence.
  Filler item(const DcmTagKey& tag);
  Filler& element(std::unique_ptr<DcmElement> element);

  [[nodiscard]] DcmItem& get() const { return *item_; }

 private:
  DcmItem* item_;
};

// The value as UTF-8 text without padding; empty when absent.
std::string text_of(DcmItem& item, const DcmTagKey& tag, unsigned long index = 0);
std::int64_t number_of(DcmItem& item, const DcmTagKey& tag);

// Writes a Part 10 file, whole or not at all: Explicit VR Little Endian, our implementation class in the header.
Result<void> save(DcmFileFormat& file, const std::string& path);

}  // namespace her2::dicom
