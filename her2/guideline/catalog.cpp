// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/catalog.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "her2/core/sha256.h"
#include "her2/evidence/toml_text.h"
#include "her2/guideline/load.h"

namespace her2 {
namespace {

constexpr std::string_view kFacts = "facts.toml";
constexpr std::string_view kSchemes = "schemes.toml";

Guideline* find(std::vector<Guideline>& guidelines, std::string_view id) {
  const auto found = std::find_if(guidelines.begin(), guidelines.end(), [&](const auto& g) { return g.id == id; });
  return found == guidelines.end() ? nullptr : &*found;
}

// Takes over tables, flags, parameters and sources of the guideline that this one is based on.
void take_over(Guideline& guideline, const Guideline& base) {
  for (const auto& [key, citation] : base.sources) {
    guideline.sources.emplace(key, citation);
  }
  for (const auto& parameter : base.parameters) {
    guideline.parameters.push_back(parameter);
  }
  std::vector<Table> own = std::move(guideline.tables);
  guideline.tables.clear();
  for (Table table : base.tables) {
    const bool replaced =
        std::any_of(own.begin(), own.end(), [&](const Table& other) { return other.name == table.name; });
    if (replaced) {
      continue;
    }
    for (Row& row : table.rows) {
      row.cite.insert(row.cite.end(), guideline.affirms.begin(), guideline.affirms.end());
    }
    guideline.tables.push_back(std::move(table));
  }
  guideline.tables.insert(guideline.tables.end(), own.begin(), own.end());
  guideline.flags.insert(guideline.flags.begin(), base.flags.begin(), base.flags.end());
  for (const auto& open_point : base.unconfirmed) {
    guideline.unconfirmed.push_back(open_point);
  }
}

// Takes over what each guideline is based on, the ones below first. `open`: those on the way to this one.
Result<void> complete(Guideline& guideline, std::vector<Guideline>& all, std::set<std::string>& done,
                      std::set<std::string>& open) {
  if (guideline.based_on.empty() || done.contains(guideline.id)) {
    return {};
  }
  Guideline* base = find(all, guideline.based_on);
  if (base == nullptr || base == &guideline) {
    return fail(fmt::format("based_on names '{}', which is not another guideline", guideline.based_on), {},
                guideline.id + ".toml");
  }
  if (!open.insert(guideline.id).second) {
    return fail(fmt::format("based_on '{}' leads back to this guideline", base->id), {}, guideline.id + ".toml");
  }
  if (auto completed = complete(*base, all, done, open); !completed) {
    return completed;
  }
  take_over(guideline, *base);
  guideline.hash = sha256_hex(guideline.hash + base->hash);
  done.insert(guideline.id);
  return {};
}

Result<Scheme> read_scheme(const toml::table& source, Catalog& catalog) {
  TomlReader reader(source, "scheme");
  reader.only({"id", "edition", "tumour", "title", "guidelines", "answers", "default", "note"});
  Scheme out;
  out.id = reader.text("id", true);
  reader.rename(fmt::format("scheme {}", out.id));
  out.edition = reader.text("edition", true);
  out.tumour = reader.text("tumour", true);
  out.title = reader.text("title", true);
  out.guidelines = reader.texts("guidelines", true);
  out.is_default = reader.flag("default");
  for (const auto& id : out.guidelines) {
    if (catalog.guideline(id) == nullptr) {
      reader.wrong(fmt::format("there is no guideline '{}'", id));
    }
  }
  for (const auto& name : reader.texts("answers", true)) {
    const auto fact = catalog.dictionary.find(name);
    if (!fact || catalog.dictionary[*fact].kind != FactKind::choice) {
      reader.wrong(fmt::format("the answer '{}' is not a choice of facts.toml", name));
    } else {
      out.answers.push_back(*fact);
    }
  }
  if (!reader.ok()) {
    return tl::unexpected(*reader.error());
  }
  return out;
}

Result<void> read_schemes(const std::string& content, Catalog& catalog) {
  const auto parsed = parse_toml(content, {});
  if (!parsed) {
    return tl::unexpected(parsed.error());
  }
  TomlReader reader(*parsed, "");
  reader.only({"scheme", "refused"});
  for (const toml::table* source : reader.tables("scheme")) {
    auto scheme = read_scheme(*source, catalog);
    if (!scheme) {
      return tl::unexpected(scheme.error());
    }
    catalog.schemes.push_back(std::move(*scheme));
  }
  for (const toml::table* source : reader.tables("refused")) {
    TomlReader own(*source, "refused");
    own.only({"tumour", "why", "cite"});
    RefusedTumour refused{own.text("tumour", true), own.text("why", true), own.texts("cite", true)};
    if (!own.ok()) {
      reader.take_error(own);
    } else if (catalog.default_scheme(refused.tumour) != nullptr) {
      reader.wrong(fmt::format("the tumour '{}' is refused, but has a default scheme", refused.tumour));
    }
    catalog.refused.push_back(std::move(refused));
  }
  if (!reader.ok()) {
    return tl::unexpected(*reader.error());
  }
  return {};
}

Result<void> check_changes(const Catalog& catalog, const ParameterChanges& changes) {
  std::set<std::string> known;
  for (const auto& guideline : catalog.guidelines) {
    for (const auto& parameter : guideline.parameters) {
      known.insert(parameter.name);
    }
  }
  for (const auto& [name, value] : changes) {
    if (!known.contains(name)) {
      return fail(
          fmt::format("no guideline has a parameter '{}'; the parameters are {}", name, fmt::join(known, ", ")));
    }
  }
  return {};
}

}  // namespace

bool Table::is_required(FactId input) const { return !std::binary_search(missing_ok.begin(), missing_ok.end(), input); }

const Table* Guideline::table(std::string_view name) const {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const Table& t) { return t.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

Result<Catalog> Catalog::load(const GuidelineFiles& files, const ParameterChanges& changes) {
  Catalog catalog;
  const auto facts = files.find(std::string(kFacts));
  if (facts == files.end()) {
    return fail("there is no facts.toml among the guideline files");
  }
  auto dictionary = Dictionary::parse(facts->second, std::string(kFacts));
  if (!dictionary) {
    return tl::unexpected(dictionary.error());
  }
  catalog.dictionary = std::move(*dictionary);
  for (const auto& [name, content] : files) {
    if (name == kFacts || name == kSchemes || name.find('/') != std::string::npos) {
      continue;  // folders within hold other things than guidelines
    }
    auto guideline = load_guideline(content, catalog.dictionary, changes);
    if (!guideline) {
      return tl::unexpected(located(guideline.error(), name));
    }
    if (name != guideline->id + ".toml") {
      return fail(fmt::format("the file must be called {}.toml, after its id", guideline->id), {}, name);
    }
    guideline->hash = sha256_hex(content);
    catalog.guidelines.push_back(std::move(*guideline));
  }
  std::set<std::string> done, open;
  for (Guideline& guideline : catalog.guidelines) {
    if (auto completed = complete(guideline, catalog.guidelines, done, open); !completed) {
      return tl::unexpected(completed.error());
    }
  }
  if (const auto schemes = files.find(std::string(kSchemes)); schemes != files.end()) {
    if (auto read = read_schemes(schemes->second, catalog); !read) {
      return tl::unexpected(located(read.error(), std::string(kSchemes)));
    }
  }
  if (auto checked = check_changes(catalog, changes); !checked) {
    return tl::unexpected(checked.error());
  }
  return catalog;
}

const Guideline* Catalog::guideline(std::string_view id) const {
  const auto found = std::find_if(guidelines.begin(), guidelines.end(), [&](const auto& g) { return g.id == id; });
  return found == guidelines.end() ? nullptr : &*found;
}

const Scheme* Catalog::scheme(std::string_view id_or_edition, std::string_view tumour) const {
  for (const auto& scheme : schemes) {
    if (scheme.id == id_or_edition || (scheme.edition == id_or_edition && scheme.tumour == tumour)) {
      return &scheme;
    }
  }
  return nullptr;
}

const Scheme* Catalog::default_scheme(std::string_view tumour) const {
  for (const auto& scheme : schemes) {
    if (scheme.is_default && scheme.tumour == tumour) {
      return &scheme;
    }
  }
  return nullptr;
}

const RefusedTumour* Catalog::refusal(std::string_view tumour) const {
  const auto found = std::find_if(refused.begin(), refused.end(), [&](const auto& r) { return r.tumour == tumour; });
  return found == refused.end() ? nullptr : &*found;
}

Result<GuidelineFiles> read_guideline_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  GuidelineFiles out;
  std::error_code error;
  const fs::path root(folder);
  for (auto at = fs::recursive_directory_iterator(root, error); !error && at != fs::recursive_directory_iterator();
       at.increment(error)) {
    if (at.depth() > 0) {
      at.disable_recursion_pending();  // one level of folders, such as options/
    }
    if (at->path().extension() != ".toml") {
      continue;
    }
    std::ifstream file(at->path(), std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    if (!file) {
      return fail("cannot be read; check that it exists and that you may read it", {}, at->path().string());
    }
    out[at->path().lexically_relative(root).generic_string()] = content.str();
  }
  if (error || out.empty()) {
    return fail("is not a folder with guideline files (*.toml)", {}, folder);
  }
  return out;
}

}  // namespace her2
