// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "her2/report/ihc_model.h"

// Parts of ihc_html's page, each a whole <section>, or empty when there is nothing to say.
namespace her2 {

std::string ihc_style();  // CSS behind the house's
std::string ihc_share_table(const IhcReport& report, const std::string& bar_id);
std::string ihc_cores_section(const IhcReport& report);  // of a microarray
std::string ihc_qc_section(const IhcReport& report);
std::string ihc_tissue_section(const IhcReport& report);
std::string ihc_uncertainty_section(const IhcReport& report);
// What the report was made from, as label and value; nothing that is not known.
std::vector<std::pair<std::string, std::string>> ihc_provenance(const IhcReport& report);
std::string ihc_provenance_section(const IhcReport& report);
std::string ihc_sources_section(const IhcReport& report);

}  // namespace her2
