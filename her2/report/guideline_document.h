// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/evidence/dictionary.h"
#include "her2/guideline/catalog.h"
#include "her2/guideline/table.h"
#include "her2/report/status_text.h"

// Guidelines for people: a document to review, one row explained, the list of what there is.
namespace her2 {

// One guideline for review by a pathologist: what is unconfirmed, parameters, every table with its inputs and rows
// (condition in words, conclusion, action, comment, sources), flags, sources, hash.
std::string guideline_markdown(const Guideline& guideline, const Dictionary& dictionary);
std::string guideline_html(const Guideline& guideline, const Dictionary& dictionary);
std::string guideline_text(const Guideline& guideline, const Dictionary& dictionary, const TextStyle& style = {});

// One row in full. `row` is one of table.rows.
std::string explain_row(const Guideline& guideline, const Table& table, const Row& row, const Dictionary& dictionary,
                        const TextStyle& style = {});
// A whole table, or a flag, in the same manner.
std::string explain_table(const Guideline& guideline, const Table& table, const Dictionary& dictionary,
                          const TextStyle& style = {});
std::string explain_flag(const Guideline& guideline, const Flag& flag, const Dictionary& dictionary,
                         const TextStyle& style = {});

// All schemes and guidelines of a catalog, a line or two each.
std::string catalog_text(const Catalog& catalog, const TextStyle& style = {});

}  // namespace her2
