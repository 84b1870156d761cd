// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tiff_handle.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <string_view>

#include <fmt/format.h>

namespace her2 {
namespace {

[[gnu::format(printf, 1, 0)]] std::string message(const char* format, va_list arguments) {
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  std::string out = text.data();
  while (!out.empty() && (out.back() == '.' || out.back() == '\n' || out.back() == ' ')) {
    out.pop_back();
  }
  return out;
}

void add(std::string& texts, const std::string& text) {
  constexpr std::size_t kMost = 400;
  if (texts.size() < kMost && texts.find(text) == std::string::npos) {
    texts += (texts.empty() ? "" : "; ") + text;
  }
}

}  // namespace

tmsize_t TiffHandle::on_read(thandle_t user, void* out, tmsize_t wanted) {
  State& state = *static_cast<State*>(user);
  const auto size = state.file->size();
  if (wanted <= 0 || state.position >= size) {
    return 0;
  }
  const auto length = std::min<std::uint64_t>(static_cast<std::uint64_t>(wanted), size - state.position);
  if (!state.file->read(state.position, {static_cast<std::uint8_t*>(out), length})) {
    return 0;
  }
  state.position += length;
  return static_cast<tmsize_t>(length);
}

toff_t TiffHandle::on_seek(thandle_t user, toff_t offset, int whence) {
  State& state = *static_cast<State*>(user);
  const std::uint64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? state.position : state.file->size();
  state.position = base + offset;
  return state.position;
}

toff_t TiffHandle::on_size(thandle_t user) { return static_cast<State*>(user)->file->size(); }

int TiffHandle::on_error(TIFF* /*tiff*/, void* user, const char* /*module*/, const char* format, va_list arguments) {
  add(static_cast<State*>(user)->errors, message(format, arguments));
  return 1;
}

int TiffHandle::on_warning(TIFF* /*tiff*/, void* user, const char* /*module*/, const char* format, va_list arguments) {
  const std::string_view text = format;
  if (text.find("Unknown field with tag") == std::string_view::npos) {
    add(static_cast<State*>(user)->warnings, message(format, arguments));
  }
  return 1;
}

Result<TiffHandle> TiffHandle::open(std::shared_ptr<const FileBytes> file) {
  TiffHandle out;
  out.state_ = std::make_unique<State>();
  out.state_->file = std::move(file);
  State* state = out.state_.get();
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                 TIFFOpenOptionsFree);
  constexpr tmsize_t kMostMemory = tmsize_t{1} << 30;  // for any one array or tile
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMostMemory);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, state);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, state);
  out.tiff_.reset(TIFFClientOpenExt(
      state->file->path().c_str(), "rm", state, on_read, [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; },
      on_seek, [](thandle_t) { return 0; }, on_size, nullptr, nullptr, options.get()));
  if (!out.tiff_) {
    return fail(fmt::format("is a TIFF file whose first directory cannot be read ({})", out.take_errors()), {},
                state->file->path());
  }
  return out;
}

Result<void> TiffHandle::go_to(std::uint64_t directory) {
  if (TIFFSetSubDirectory(tiff_.get(), directory) == 1) {
    return {};
  }
  return fail(fmt::format("its image directory at byte {} cannot be read ({})", directory, take_errors()), {},
              state_->file->path());
}

std::string TiffHandle::take_errors() { return std::exchange(state_->errors, {}); }

std::string TiffHandle::take_warnings() { return std::exchange(state_->warnings, {}); }

}  // namespace her2
