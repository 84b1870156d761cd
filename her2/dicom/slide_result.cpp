// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/slide_result.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "her2/core/sha256.h"

namespace her2 {
namespace {

using Json = nlohmann::json;

// Takes members of a tree; the first that is missing or of another type is kept as the error.
class Members {
 public:
  const Json& at(const Json& tree, const std::string& name) {
    static const Json kNothing;
    const auto found = tree.is_object() ? tree.find(name) : tree.end();
    if (!tree.is_object() || found == tree.end()) {
      wrong(name, "is missing");
      return kNothing;
    }
    return *found;
  }
  std::string text(const Json& tree, const std::string& name) {
    const Json& value = at(tree, name);
    if (value.is_null()) {
      return {};
    }
    if (!value.is_string()) {
      wrong(name, "must be a text");
      return {};
    }
    return value.get<std::string>();
  }
  double number(const Json& tree, const std::string& name) {
    const Json& value = at(tree, name);
    const double out = value.is_number() ? value.get<double>() : 0;
    if (!value.is_number() || !std::isfinite(out) || std::abs(out) > 1e15) {
      wrong(name, "must be a number");
      return 0;
    }
    return out;
  }
  bool flag(const Json& tree, const std::string& name) {
    const Json& value = at(tree, name);
    if (!value.is_boolean()) {
      wrong(name, "must be true or false");
    }
    return value.is_boolean() && value.get<bool>();
  }
  ResultNumber interval(const Json& tree, const std::string& name) {
    const Json& value = at(tree, name);
    return {number(value, "value"), number(value, "low"), number(value, "high")};
  }
  std::int64_t count(const Json& tree, const std::string& name) {
    return static_cast<std::int64_t>(number(tree, name));
  }

  void wrong(const std::string& name, const char* what) {
    if (!error_) {
      error_ = Error{{}, fmt::format("member \"{}\"", name), what};
    }
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<Error> error_;
};

void read_answer(Members& members, const Json& tree, SlideResult& out) {
  const Json& editions = members.at(tree, "editions");
  const Json& primary = members.at(tree, "primary_edition");
  if (!editions.is_array() || !primary.is_number_unsigned() || primary.get<std::size_t>() >= editions.size()) {
    return;
  }
  const Json& edition = editions[primary.get<std::size_t>()];
  out.answer_fact = members.text(edition, "fact");
  out.answer = members.text(edition, "answer");
  out.scheme = members.text(edition, "scheme");
  out.edition = members.text(edition, "edition");
}

void read_lists(Members& members, const Json& tree, SlideResult& out) {
  for (const Json& share : members.at(tree, "shares")) {
    out.shares.push_back({members.text(share, "fact"), members.text(share, "label"), members.count(share, "cells"),
                          members.interval(share, "percent")});
  }
  for (const Json& verdict : members.at(tree, "qc")) {
    out.quality.push_back({members.text(verdict, "id"), members.text(verdict, "severity"),
                           members.text(verdict, "label"), members.text(verdict, "reason")});
  }
}

}  // namespace

Result<SlideResult> parse_slide_result(std::string_view json, const std::string& file) {
  Json tree = Json::parse(json, nullptr, false);
  if (tree.is_discarded() || !tree.is_object()) {
    return fail("is no JSON object; give the result.json that her2 ihc wrote", {}, file);
  }
  Members members;
  if (members.text(tree, "schema") != "her2-ihc/1") {
    return fail("is no result of this version of her2 ihc (schema her2-ihc/1)", "member \"schema\"", file);
  }
  SlideResult out;
  tree.erase("timing");
  out.content_sha256 = sha256_hex(tree.dump(-1, ' ', false, Json::error_handler_t::replace));
  out.marker = members.text(tree, "marker");
  out.headline = members.text(members.at(tree, "headline"), "score");
  out.refused = members.flag(tree, "refused");
  out.microarray = members.flag(tree, "microarray");
  out.software = members.text(tree, "software");
  const Json& slide = members.at(tree, "slide");
  out.slide_name = members.text(slide, "name");
  out.slide_sha256 = members.text(slide, "sha256");
  out.width = members.count(slide, "width_px");
  out.height = members.count(slide, "height_px");
  out.mpp = members.number(slide, "um_per_px");
  out.profile = members.text(members.at(tree, "profile"), "name");
  out.tumour_cells = members.count(members.at(tree, "cells"), "tumour");
  out.h_score = members.interval(tree, "h_score");
  read_lists(members, tree, out);
  read_answer(members, tree, out);
  if (const Json& nuclear = members.at(tree, "nuclear"); nuclear.is_object()) {
    out.nuclear_percent = members.interval(nuclear, "percent");
  }
  if (const Json& ensemble = members.at(tree, "ensemble"); ensemble.is_object()) {
    out.coverage_percent = static_cast<int>(members.count(ensemble, "coverage_percent"));
  }
  if (members.error()) {
    return tl::unexpected(located(*members.error(), file));
  }
  return out;
}

}  // namespace her2
