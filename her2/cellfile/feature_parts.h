// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "her2/cellfile/qupath.h"
#include "her2/core/error.h"
#include "her2/core/polygon.h"

// Parts of one GeoJSON feature. Nothing here throws, whatever the feature holds.
namespace her2 {

// A member that is text, else "".
std::string text_of(const nlohmann::json& object, const char* key);

// An object's member, or nullptr.
const nlohmann::json* member(const nlohmann::json& object, const char* key);

// The class: "classification" as text, or an object with name or names; empty without one.
ClassNames classification(const nlohmann::json& feature);

// QuPath's "objectType" (or the older "object_type"), in lower case: "annotation" when absent.
std::string object_type(const nlohmann::json& feature);

// All rings of a Polygon or MultiPolygon. An ellipse that is given by its bounding box is drawn as a ring of 64 points.
Result<Polygon> polygon_of(const nlohmann::json& feature);

// "classification" as a person reads it: "Tumor: 3+".
std::string class_words(const ClassNames& names);

}  // namespace her2
