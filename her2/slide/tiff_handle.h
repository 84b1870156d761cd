// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <tiffio.h>

#include "her2/core/error.h"
#include "her2/slide/file_bytes.h"

namespace her2 {

// One TIFF* over a shared file. What libtiff says goes to this handle alone; its global handlers are not touched. One
// thread at a time.
class TiffHandle {
 public:
  static Result<TiffHandle> open(std::shared_ptr<const FileBytes> file);

  [[nodiscard]] TIFF* get() const { return tiff_.get(); }
  // Makes the directory at this byte the current one.
  Result<void> go_to(std::uint64_t directory);
  // What libtiff complained of since the last call; empty: nothing. Unknown tags are no complaint.
  [[nodiscard]] std::string take_errors();
  [[nodiscard]] std::string take_warnings();

 private:
  struct State {
    std::shared_ptr<const FileBytes> file;
    std::uint64_t position = 0;
    std::string errors, warnings;
  };
  struct Closer {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  };
  static tmsize_t on_read(thandle_t user, void* out, tmsize_t wanted);
  static toff_t on_seek(thandle_t user, toff_t offset, int whence);
  static toff_t on_size(thandle_t user);
  [[gnu::format(printf, 4, 0)]] static int on_error(TIFF* tiff, void* user, const char* module, const char* format,
                                                    va_list arguments);
  [[gnu::format(printf, 4, 0)]] static int on_warning(TIFF* tiff, void* user, const char* module, const char* format,
                                                      va_list arguments);

  std::unique_ptr<State> state_;  // before tiff_, which looks at it until it is closed
  std::unique_ptr<TIFF, Closer> tiff_;
};

}  // namespace her2
