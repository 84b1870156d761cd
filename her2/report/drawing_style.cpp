// SPDX-License-Identifier: Apache-2.0
#include "her2/report/drawing_style.h"

#include <map>

#include <fmt/format.h>

#include "her2/report/care_picture.h"
#include "her2/report/html_page.h"
#include "her2/report/ihc_sections.h"
#include "her2/report/ish_picture.h"

namespace her2 {
namespace {

using Colours = std::map<std::string, std::string, std::less<>>;

// "--ink:#000;" anywhere in `css`; a later one counts.
void read_colours(std::string_view css, Colours& colours) {
  for (std::size_t at = 0; (at = css.find("--", at)) != std::string_view::npos; at += 2) {
    const std::size_t colon = css.find_first_of(":;)} ", at);
    if (colon == std::string_view::npos || css[colon] != ':') {
      continue;
    }
    const std::size_t end = css.find_first_of(";}", colon);
    colours[std::string(css.substr(at + 2, colon - at - 2))] = css.substr(colon + 1, end - colon - 1);
  }
}

std::string with_colours(std::string_view css, const Colours& colours) {
  constexpr std::string_view kName = "var(--";
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = 0; (at = css.find(kName, done)) != std::string_view::npos;) {
    const std::size_t end = css.find(')', at);
    const auto found = colours.find(css.substr(at + kName.size(), end - at - kName.size()));
    out.append(css.substr(done, at - done)).append(found == colours.end() ? "#000" : found->second);
    done = end + 1;
  }
  return out.append(css.substr(done));
}

}  // namespace

std::string drawing_style(std::string_view font) {
  Colours colours;
  read_colours(ihc_style(), colours);
  const std::string_view print = colour_rules().substr(colour_rules().find("@media print"));
  read_colours(print, colours);
  std::string css(drawing_rules());
  css += ihc_style();
  css += kIshColours;
  css += kCareColours;
  return with_colours(css, colours) + fmt::format("\nsvg text {{ font-family:'{}'; }}\n", font);
}

}  // namespace her2
