// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace her2 {

// Writes indented JSON into a string, in the order of the calls. Numbers keep the digits they were given: "4.0" stays
// "4.0", as FHIR and case files ask. Keys and brackets must pair; that is the caller's part.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  // Inside an object; inside an array use the calls without a key.
  void object(std::string_view key);
  void array(std::string_view key);
  void text(std::string_view key, std::string_view value);
  void text_if(std::string_view key, std::string_view value);  // nothing when empty
  void number(std::string_view key, std::string_view digits);  // digits: a JSON number
  void boolean(std::string_view key, bool value);

  void object();
  void array();
  void text(std::string_view value);

  // Ends the innermost object or array.
  void end();

 private:
  void next();
  void key(std::string_view name);
  void open(char bracket);

  std::string& out_;
  std::string brackets_;  // closing ones, innermost last
  bool first_ = true;
};

}  // namespace her2
