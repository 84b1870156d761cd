// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/slide/slide.h"
#include "her2/slide/tiff_page.h"

// What the makers of TIFF slides write into their descriptions.
namespace her2 {

enum class TiffMaker { generic, aperio, ome, philips, perkin_elmer, hamamatsu, leica, ventana, trestle };

TiffMaker tiff_maker(const TiffDirectory& directory, const TiffPage& first);

// "Aperio SVS", "OME-TIFF"; generic ones by how they are stored.
std::string tiff_format_name(TiffMaker maker, const TiffPage& first);

// "label", "macro", "thumbnail", "overview" when the page's own text names it so; else empty.
std::string associated_name(TiffMaker maker, const TiffPage& page);

// Fills mpp_x, mpp_y, mpp_source, objective and scanner from what the maker states.
void read_maker_facts(TiffMaker maker, const TiffPage& first, SlideInfo& info);

// The first number after `key` and any of " =:\"" in a text.
std::optional<double> number_after(std::string_view text, std::string_view key);

// Text between <name ...> and </name>; empty when there is none.
std::string_view element_text(std::string_view xml, std::string_view name);

}  // namespace her2
