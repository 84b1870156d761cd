// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tiff_maker.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace her2 {
namespace {

constexpr std::uint16_t kNdpiTag = 65420;
constexpr std::uint16_t kXmpTag = 700;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool contains_word(std::string text, std::string_view word) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return contains(text, word);
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const auto last = text.find_last_not_of(" \t\r\n");
  return first == std::string_view::npos ? "" : std::string(text.substr(first, last - first + 1));
}

std::string_view attribute(std::string_view xml, std::string_view name) {
  const std::string opening = fmt::format(" {}=\"", name);
  const auto at = xml.find(opening);
  if (at == std::string_view::npos) {
    return {};
  }
  const auto begin = at + opening.size();
  const auto end = xml.find('"', begin);
  return end == std::string_view::npos ? std::string_view{} : xml.substr(begin, end - begin);
}

// No microscope slide is scanned finer or coarser: what lies outside is a default of printing (72 dpi is 353 um/px).
bool believable(double mpp) { return mpp >= 0.02 && mpp <= 10; }

void set_mpp(SlideInfo& info, std::optional<double> x, std::optional<double> y, const std::string& source) {
  if (x && y && believable(*x) && believable(*y)) {
    info.mpp_x = x;
    info.mpp_y = y;
    info.mpp_source = "file: " + source;
  }
}

void set_objective(SlideInfo& info, std::optional<double> power) {
  if (power && *power >= 1 && *power <= 200) {
    info.objective = power;
  }
}

std::string maker_and_model(const TiffPage& page) {
  const std::string make = trimmed(page.make);
  const std::string model = trimmed(page.model);
  return model.empty() || model.starts_with(make) ? (model.empty() ? make : model) : trimmed(make + " " + model);
}

void aperio_facts(const TiffPage& first, SlideInfo& info) {
  const auto mpp = number_after(first.description, "MPP");
  set_mpp(info, mpp, mpp, "Aperio MPP");
  set_objective(info, number_after(first.description, "AppMag"));
  info.scanner = trimmed(first.description.substr(0, first.description.find_first_of("\r\n|")));
}

double ome_unit_in_um(std::string_view unit) {
  constexpr std::array<std::pair<std::string_view, double>, 4> kUnits = {
      {{"nm", 0.001}, {"mm", 1000.0}, {"cm", 10000.0}, {"m", 1000000.0}}};
  for (const auto& [name, um] : kUnits) {
    if (unit == name) {
      return um;
    }
  }
  return 1;  // the schema's default, micrometres, however its first letter is encoded
}

void ome_facts(const TiffPage& first, SlideInfo& info) {
  const std::string_view xml = first.description;
  const auto at = xml.find("<Pixels");
  if (at == std::string_view::npos) {
    return;
  }
  const auto pixels = xml.substr(at, xml.find('>', at) - at);
  const auto size = [&](char axis) {
    auto value = number_after(attribute(pixels, fmt::format("PhysicalSize{}", axis)), "");
    if (value) {
      *value *= ome_unit_in_um(attribute(pixels, fmt::format("PhysicalSize{}Unit", axis)));
    }
    return value;
  };
  set_mpp(info, size('X'), size('Y'), "OME PhysicalSizeX");
  set_objective(info, number_after(attribute(xml, "NominalMagnification"), ""));
}

void philips_facts(const TiffPage& first, SlideInfo& info) {
  // <Attribute Name="DICOM_PIXEL_SPACING" ...>"0.00025" "0.00025"</Attribute>, millimetres, row spacing first
  const std::string_view xml = first.description;
  const auto at = xml.find("\"DICOM_PIXEL_SPACING\"");
  if (at != std::string_view::npos) {
    auto text = xml.substr(at);
    text = text.substr(std::min(text.find('>'), text.size()));
    text = text.substr(0, std::min(text.find('<'), text.size()));
    std::string plain(text);
    for (std::size_t quote = plain.find("&quot;"); quote != std::string::npos; quote = plain.find("&quot;")) {
      plain.replace(quote, 6, "\"");
    }
    const auto rows = number_after(plain, ">");
    const auto second = plain.find('"', std::min(plain.find('"', 2), plain.size() - 1) + 1);
    const auto columns = second == std::string::npos ? rows : number_after(plain.substr(second), "");
    if (rows && columns) {
      set_mpp(info, *columns * 1000, *rows * 1000, "Philips DICOM_PIXEL_SPACING");
    }
  }
  info.scanner = maker_and_model(first).empty() ? trimmed(first.software) : maker_and_model(first);
}

void resolution_tags(const TiffPage& first, SlideInfo& info) {
  if (first.x_per_unit <= 0 || first.y_per_unit <= 0) {
    return;
  }
  if (first.description.starts_with("ImageJ=")) {
    if (contains(first.description, "unit=micron") || contains(first.description, "unit=\\u00B5m") ||
        contains(first.description, "unit=um")) {
      set_mpp(info, 1 / first.x_per_unit, 1 / first.y_per_unit, "ImageJ scale");
    }
    return;
  }
  const double um = first.unit == RESUNIT_INCH ? 25400 : first.unit == RESUNIT_CENTIMETER ? 10000 : 0;
  if (um > 0) {
    set_mpp(info, um / first.x_per_unit, um / first.y_per_unit, "TIFF resolution");
  }
}

}  // namespace

std::optional<double> number_after(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  auto rest = text.substr(at + key.size());
  const auto begin = rest.find_first_not_of(" =:\"\t");
  if (begin == std::string_view::npos) {
    return std::nullopt;
  }
  rest = rest.substr(begin);
  double value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc{} || !std::isfinite(value) || value <= 0) {
    return std::nullopt;
  }
  return value;
}

std::string_view element_text(std::string_view xml, std::string_view name) {
  const std::string opening = fmt::format("<{}>", name);
  const auto begin = xml.find(opening);
  if (begin == std::string_view::npos) {
    return {};
  }
  const auto end = xml.find("</", begin);
  return end == std::string_view::npos ? std::string_view{}
                                       : xml.substr(begin + opening.size(), end - begin - opening.size());
}

TiffMaker tiff_maker(const TiffDirectory& directory, const TiffPage& first) {
  if (directory.find(kNdpiTag) != nullptr) {
    return TiffMaker::hamamatsu;
  }
  if (first.description.starts_with("Aperio") && first.tiled) {
    return TiffMaker::aperio;
  }
  if (contains(first.description, "leica-microsystems.com/scn")) {
    return TiffMaker::leica;
  }
  if (directory.find(kXmpTag) != nullptr && (contains(first.description, "iScan") || contains(first.make, "Ventana") ||
                                             contains(first.software, "ScanOutputManager"))) {
    return TiffMaker::ventana;
  }
  if (first.software.starts_with("MedScan")) {
    return TiffMaker::trestle;
  }
  if (first.software.starts_with("Philips") && contains(first.description, "DPUfsImport")) {
    return TiffMaker::philips;
  }
  if (first.software.starts_with("PerkinElmer-QPI") || contains(first.description, "PerkinElmer-QPI")) {
    return TiffMaker::perkin_elmer;
  }
  if (contains(first.description, "openmicroscopy.org/Schemas/OME")) {
    return TiffMaker::ome;
  }
  return TiffMaker::generic;
}

std::string tiff_format_name(TiffMaker maker, const TiffPage& first) {
  switch (maker) {
    case TiffMaker::aperio: return "Aperio SVS";
    case TiffMaker::ome: return "OME-TIFF";
    case TiffMaker::philips: return "Philips TIFF";
    case TiffMaker::perkin_elmer: return "PerkinElmer QPTIFF";
    default: return first.tiled ? "generic tiled TIFF" : "plain TIFF";
  }
}

std::string associated_name(TiffMaker maker, const TiffPage& page) {
  if (maker == TiffMaker::aperio) {
    // The picture's name begins the second line: "label 387x463", "macro 1280x431"; a thumbnail's has "->".
    const auto line = page.description.find('\n');
    const std::string second = line == std::string::npos ? "" : page.description.substr(line + 1);
    for (const char* name : {"label", "macro"}) {
      if (second.starts_with(name)) {
        return name;
      }
    }
    return page.subfile == 9 ? "macro" : page.subfile == 1 && !page.tiled ? "label" : page.tiled ? "" : "thumbnail";
  }
  if (maker == TiffMaker::perkin_elmer) {
    const auto type = element_text(page.description, "ImageType");
    return contains_word(std::string(type), "label")       ? "label"
           : contains_word(std::string(type), "overview")  ? "overview"
           : contains_word(std::string(type), "thumbnail") ? "thumbnail"
                                                           : "";
  }
  for (const char* name : {"label", "macro", "thumbnail"}) {
    if (page.description.size() < 200 && contains_word(page.description, name)) {
      return name;
    }
  }
  return {};
}

void read_maker_facts(TiffMaker maker, const TiffPage& first, SlideInfo& info) {
  switch (maker) {
    case TiffMaker::aperio: aperio_facts(first, info); break;
    case TiffMaker::ome: ome_facts(first, info); break;
    case TiffMaker::philips: philips_facts(first, info); break;
    case TiffMaker::perkin_elmer:
      set_objective(info, number_after(element_text(first.description, "Objective"), ""));
      info.scanner = trimmed(element_text(first.description, "InstrumentType"));
      break;
    default: break;
  }
  if (!info.mpp_x && maker != TiffMaker::aperio) {
    resolution_tags(first, info);
  }
  if (info.scanner.empty()) {
    info.scanner = maker_and_model(first);
  }
}

}  // namespace her2
