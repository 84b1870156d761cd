// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "her2/language/say.h"

namespace her2 {

// Text as HTML shows it, in an element or a quoted attribute: printable() with & < > " ' escaped.
std::string html_text(std::string_view text);

// say() as HTML: the sentence's own words are escaped; the values are HTML already.
std::string html_say(std::string_view key, std::initializer_list<SayArg> args = {});

// A whole page: self-contained, no script, nothing fetched; pictures may be data: URLs. `title` is text, `body` is HTML
// that the caller has escaped, `more_style` CSS that goes behind the house's. Light, dark and print; WCAG AA contrast.
std::string html_page(std::string_view title, std::string_view body, std::string_view more_style = {});

// The CSS rules of the drawings, and those that give colours their names: for drawings outside a page.
std::string_view drawing_rules();
std::string_view colour_rules();

}  // namespace her2
