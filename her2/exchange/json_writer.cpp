// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/json_writer.h"

#include "her2/exchange/json_tree.h"

namespace her2 {

void JsonWriter::next() {
  if (brackets_.empty()) {
    return;
  }
  out_ += first_ ? "\n" : ",\n";
  out_.append(2 * brackets_.size(), ' ');
  first_ = false;
}

void JsonWriter::key(std::string_view name) {
  next();
  out_ += json_string(name) + ": ";
}

void JsonWriter::open(char bracket) {
  out_ += bracket;
  brackets_ += bracket == '{' ? '}' : ']';
  first_ = true;
}

void JsonWriter::object(std::string_view name) {
  key(name);
  open('{');
}

void JsonWriter::array(std::string_view name) {
  key(name);
  open('[');
}

void JsonWriter::text(std::string_view name, std::string_view value) {
  key(name);
  out_ += json_string(value);
}

void JsonWriter::text_if(std::string_view name, std::string_view value) {
  if (!value.empty()) {
    text(name, value);
  }
}

void JsonWriter::number(std::string_view name, std::string_view digits) {
  key(name);
  out_ += digits;
}

void JsonWriter::boolean(std::string_view name, bool value) {
  key(name);
  out_ += value ? "true" : "false";
}

void JsonWriter::object() {
  next();
  open('{');
}

void JsonWriter::array() {
  next();
  open('[');
}

void JsonWriter::text(std::string_view value) {
  next();
  out_ += json_string(value);
}

void JsonWriter::end() {
  const char bracket = brackets_.back();
  brackets_.pop_back();
  if (!first_) {
    out_ += '\n';
    out_.append(2 * brackets_.size(), ' ');
  }
  out_ += bracket;
  first_ = false;
}

}  // namespace her2
