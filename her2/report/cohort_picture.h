// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/cohort_model.h"

// Pictures of a cohort report: self-contained <svg> with title and description. Colours are classes of html_page.h.
namespace her2 {

// "14.5 %", as markup.
std::string percent_text(double share);

// A value on one line from 0: the published span as a band, the reference as a tick, the interval as a bar.
std::string span_svg(const CohortRate& rate, const RateCount& count);

// The status under each edition as columns, and what moves between them as bands.
std::string flow_svg(const CohortReport& report);

// One point a group: its cases across, its share up, between the limits that chance alone gives around `centre`.
std::string funnel_svg(const CohortGrouping& grouping, std::size_t rate, double centre, const std::string& title);

// Shares by period between their limits; below them the two CUSUMs with their limits. Signals are marked.
std::string chart_svg(const CohortReport& report, const CohortChart& chart);

}  // namespace her2
