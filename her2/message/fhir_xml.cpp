// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_xml.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <libxml/xmlreader.h>

#include "her2/evidence/text.h"

namespace her2 {
namespace {

constexpr std::string_view kFhirSpace = "http://hl7.org/fhir";
constexpr std::string_view kXhtmlSpace = "http://www.w3.org/1999/xhtml";

// Elements that repeat in R4, of those that are read. Specimen.type and Observation.code do not.
constexpr std::array<std::string_view, 11> kRepeating{"entry",     "contained", "identifier", "coding",
                                                      "component", "note",      "performer",  "tag",
                                                      "profile",   "condition", "extension"};
constexpr std::array<std::string_view, 5> kQuantities{"valueQuantity", "numerator", "denominator", "low", "high"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view seen(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

// What libxml2 says first; it would print it otherwise.
struct Complaint {
  std::string text;
  int line = 0;
};
void keep_first(void* into, xmlErrorPtr error) {
  auto* const out = static_cast<Complaint*>(into);
  if (out->text.empty() && error != nullptr) {
    out->text = error->message == nullptr ? "is not well formed" : error->message;
    out->line = error->line;
  }
}

// While it lives, what libxml2 says outside a reader goes there too, in this thread, and not to standard error.
class Listening {
 public:
  explicit Listening(Complaint& into) : before_(xmlStructuredError), context_(xmlStructuredErrorContext) {
    xmlSetStructuredErrorFunc(&into, keep_first);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  ~Listening() { xmlSetStructuredErrorFunc(context_, before_); }

 private:
  xmlStructuredErrorFunc before_;
  void* context_;
};

struct ReaderCloser {
  void operator()(xmlTextReaderPtr reader) const { xmlFreeTextReader(reader); }
};
using Reader = std::unique_ptr<xmlTextReader, ReaderCloser>;

// An element that is open, and what it has become so far.
struct Open {
  std::string name;
  Json json;
  bool holds_resource = false;  // "resource" and "contained": what is in it stands for it
};

class FhirXmlReader {
 public:
  FhirXmlReader(std::string_view xml, const JsonLimits& limits) : xml_(xml), limits_(limits) {}

  Result<Json> read() {
    const Listening listening(complaint_);
    reader_.reset(xmlReaderForMemory(xml_.data(), static_cast<int>(xml_.size()), nullptr, "UTF-8",
                                     XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT | XML_PARSE_IGNORE_ENC));
    if (reader_ == nullptr) {
      return fail("there is no memory to read it");
    }
    xmlTextReaderSetStructuredErrorHandler(reader_.get(), keep_first, &complaint_);
    int more = 0;
    while ((more = xmlTextReaderRead(reader_.get())) == 1) {
      if (auto ok = node(); !ok) {
        return tl::unexpected(ok.error());
      }
    }
    if (more != 0 || !done_) {
      std::string says = complaint_.text.substr(0, complaint_.text.find('\n'));
      return fail(fmt::format("is no well-formed XML: {}", says.empty() ? "it ends too soon" : says),
                  fmt::format("line {}", complaint_.line));
    }
    return std::move(root_);
  }

 private:
  Result<void> node() {
    switch (xmlTextReaderNodeType(reader_.get())) {
      case XML_READER_TYPE_ELEMENT: return begin();
      case XML_READER_TYPE_END_ELEMENT:
        if (skipping_ == 0) {
          end();
        } else if (--skipping_ == 0) {
          return {};
        }
        return {};
      case XML_READER_TYPE_TEXT:
      case XML_READER_TYPE_CDATA:
        return skipping_ > 0 ? Result<void>{}
                             : wrong("holds text between its elements; FHIR keeps values in attributes");
      default: return {};  // white space, comments, processing instructions
    }
  }

  Result<void> begin() {
    const bool empty = xmlTextReaderIsEmptyElement(reader_.get()) == 1;
    if (skipping_ > 0) {
      skipping_ += empty ? 0 : 1;
      return {};
    }
    const auto space = seen(xmlTextReaderConstNamespaceUri(reader_.get()));
    const std::string name(seen(xmlTextReaderConstLocalName(reader_.get())));
    if (space == kXhtmlSpace && !open_.empty()) {
      skipping_ = empty ? 0 : 1;
      return {};
    }
    if (space != kFhirSpace) {
      return wrong(fmt::format("is XML, but no FHIR: the element {} is in the namespace {}, not in {}", in_quotes(name),
                               in_quotes(std::string(space)), kFhirSpace));
    }
    if (open_.size() >= limits_.depth) {
      return wrong(fmt::format("is nested more than {} deep", limits_.depth));
    }
    Open element;
    element.name = name;
    element.json.kind = Json::Kind::object;
    const bool resource = open_.empty() || open_.back().holds_resource;
    if (resource && !open_.empty() && !open_.back().json.keys.empty()) {
      return wrong(fmt::format("has two resources in one {} element", open_.back().name));
    }
    if (resource) {
      put(element.json, "resourceType", text(name));
    }
    element.holds_resource = !resource && (name == "resource" || name == "contained");
    if (auto ok = attributes(element); !ok) {
      return ok;
    }
    open_.push_back(std::move(element));
    if (empty) {
      end();
    }
    return {};
  }

  // A primitive's value and an extension's url stand in attributes.
  Result<void> attributes(Open& element) {
    while (xmlTextReaderMoveToNextAttribute(reader_.get()) == 1) {
      const auto name = seen(xmlTextReaderConstLocalName(reader_.get()));
      if (xmlTextReaderIsNamespaceDecl(reader_.get()) == 1 || (name != "value" && name != "url" && name != "id")) {
        continue;
      }
      Json value = text(std::string(seen(xmlTextReaderConstValue(reader_.get()))));
      if (name == "value") {
        const bool quantity = !open_.empty() && is_one_of(kQuantities, open_.back().name);
        value.kind = element.name == "valueInteger" || (element.name == "value" && quantity) ? Json::Kind::number
                                                                                             : Json::Kind::string;
        element.json = std::move(value);
      } else if (element.json.kind == Json::Kind::object) {
        put(element.json, std::string(name), std::move(value));
      }
    }
    xmlTextReaderMoveToElement(reader_.get());
    return ++values_ <= limits_.values ? Result<void>{}
                                       : wrong(fmt::format("has more than {} elements", limits_.values));
  }

  void end() {
    Open element = std::move(open_.back());
    open_.pop_back();
    if (open_.empty()) {
      root_ = std::move(element.json);
      done_ = true;
      return;
    }
    Open& parent = open_.back();
    if (parent.holds_resource) {
      parent.json = std::move(element.json);
    } else if (parent.json.kind == Json::Kind::object) {  // what extends a primitive is left out
      add(parent.json, element.name, std::move(element.json));
    }
  }

  // Under `name`: as it is, or in an array when it is of those that repeat, or when it does.
  static void add(Json& object, const std::string& name, Json value) {
    for (std::size_t i = 0; i < object.keys.size(); ++i) {
      if (object.keys[i] == name) {
        Json& there = object.items[i];
        if (there.kind != Json::Kind::array) {
          Json list;
          list.kind = Json::Kind::array;
          list.items.push_back(std::move(there));
          there = std::move(list);
        }
        there.items.push_back(std::move(value));
        return;
      }
    }
    if (!is_one_of(kRepeating, name)) {
      put(object, name, std::move(value));
      return;
    }
    Json list;
    list.kind = Json::Kind::array;
    list.items.push_back(std::move(value));
    put(object, name, std::move(list));
  }

  static void put(Json& object, const std::string& name, Json value) {
    object.keys.push_back(name);
    object.key_offsets.push_back(0);
    object.items.push_back(std::move(value));
  }

  static Json text(std::string words) {
    Json out;
    out.kind = Json::Kind::string;
    out.text = std::move(words);
    return out;
  }

  [[nodiscard]] tl::unexpected<Error> wrong(std::string reason) const {
    return fail(std::move(reason), fmt::format("line {}", xmlTextReaderGetParserLineNumber(reader_.get())));
  }

  std::string_view xml_;
  JsonLimits limits_;
  Reader reader_;
  Complaint complaint_;
  std::vector<Open> open_;
  std::size_t skipping_ = 0, values_ = 0;  // depth inside a narrative; elements seen
  Json root_;
  bool done_ = false;
};

}  // namespace

bool looks_like_xml(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string_view::npos && text[first] == '<';
}

Result<Json> parse_fhir_xml(std::string_view xml, const JsonLimits& limits) {
  if (xml.size() > limits.bytes) {
    return fail(fmt::format("has {} bytes; {} are read at most", xml.size(), limits.bytes));
  }
  if (const auto at = xml.find("<!DOCTYPE"); at != std::string_view::npos) {
    return fail("has a DOCTYPE, which FHIR does not allow; entities are never read. Take it out",
                line_and_column(xml, at));
  }
  xml.remove_prefix(std::min(xml.find('<'), xml.size()));
  return FhirXmlReader(xml, limits).read();
}

}  // namespace her2
