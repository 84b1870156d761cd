// SPDX-License-Identifier: Apache-2.0
#include "her2/report/html_page.h"

#include <fmt/format.h>

#include "her2/report/plain_text.h"

namespace her2 {
namespace {

// Colours first: everything below uses them by name. Text on its ground has a contrast of at least 4.5 in each scheme.
constexpr const char* kColours = R"css(
:root { color-scheme: light dark;
  --ground:#f4f5f7; --sheet:#fff; --ink:#1a1e23; --quiet:#525c66; --line:#d5dae0; --soft:#eef1f4; --link:#0b5394;
  --positive:#8a1561; --positive-ground:#fbeaf4; --negative:#0a5566; --negative-ground:#e5f3f5;
  --unsettled:#704600; --unsettled-ground:#fff3d9; --neutral:#37424d; --neutral-ground:#eef1f4;
  --g1:#f3d3e7; --g2:#fbe8c8; --g3:#f7dcb0; --g4:#fdf1da; --g5:#d5ebee; --mark:#1a1e23; --halo:#fff;
  --s0:#eceef0; --s1:#f1dfc9; --s2:#dcb588; --s3:#b57b43; --s4:#6f3f14; }
@media (prefers-color-scheme: dark) { :root {
  --ground:#121518; --sheet:#1b1f24; --ink:#e9ecef; --quiet:#a7b0ba; --line:#39414a; --soft:#262c33; --link:#8ec5ff;
  --positive:#ffa6dc; --positive-ground:#3d1430; --negative:#8edfee; --negative-ground:#0d333b;
  --unsettled:#ffcf7a; --unsettled-ground:#3b2a08; --neutral:#cdd5dd; --neutral-ground:#262c33;
  --g1:#4b1d3b; --g2:#46361a; --g3:#54401a; --g4:#352c19; --g5:#123b43; --mark:#fff; --halo:#121518;
  --s0:#3a4048; --s1:#5b4c3a; --s2:#8a6a45; --s3:#b98350; --s4:#e6b27c; } }
@media print { :root { color-scheme: light;
  --ground:#fff; --sheet:#fff; --ink:#000; --quiet:#3d454d; --line:#b5bcc4; --soft:#f0f2f4; --link:#000;
  --positive:#8a1561; --positive-ground:#fbeaf4; --negative:#0a5566; --negative-ground:#e5f3f5;
  --unsettled:#704600; --unsettled-ground:#fff3d9; --neutral:#37424d; --neutral-ground:#eef1f4;
  --g1:#f3d3e7; --g2:#fbe8c8; --g3:#f7dcb0; --g4:#fdf1da; --g5:#d5ebee; --mark:#000; --halo:#fff;
  --s0:#eceef0; --s1:#f1dfc9; --s2:#dcb588; --s3:#b57b43; --s4:#6f3f14; } }
)css";

constexpr const char* kLayout = R"css(
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin:0; background:var(--ground); color:var(--ink); line-height:1.5;
  font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif; }
main, header.top, footer { max-width:60rem; margin:0 auto; padding:0 1rem; }
header.top { display:flex; flex-wrap:wrap; gap:.2rem 1rem; justify-content:space-between; padding-top:1rem;
  color:var(--quiet); font-size:.9rem; }
header.top p { margin:0; }
a { color:var(--link); text-underline-offset:.15em; }
.skip { position:absolute; left:-100rem; }
.skip:focus { left:1rem; top:1rem; background:var(--sheet); padding:.5rem 1rem; z-index:1; }
h1,h2,h3,h4 { line-height:1.25; text-wrap:balance; }
h2 { font-size:1.15rem; margin:0 0 .6rem; }
h3 { font-size:1.02rem; margin:0 0 .5rem; }
p { margin:.3rem 0; }
section.sheet { background:var(--sheet); border:1px solid var(--line); border-radius:.6rem; padding:1rem 1.2rem;
  margin:1rem 0; }
.quiet { color:var(--quiet); font-size:.88rem; }
.mono { font-family:ui-monospace,"Cascadia Mono","DejaVu Sans Mono",Menlo,Consolas,monospace; font-size:.82rem; }
.quiet, .mono, td, tbody th, dd, dt, li, p, h1, h2, h3 { overflow-wrap:anywhere; }
ul,ol { margin:.2rem 0; padding-left:1.3rem; }
li { margin:.35rem 0; }
footer { color:var(--quiet); font-size:.88rem; padding-bottom:2rem; }
)css";

constexpr const char* kStatus = R"css(
.card { border-radius:.8rem; border:1px solid var(--line); border-left:.5rem solid currentColor; padding:1.1rem 1.3rem;
  margin:1rem 0; }
.card > * { color:var(--ink); }
.card h1, .card h2 { margin:0; color:inherit; font-size:clamp(1.6rem,1.1rem + 2.4vw,2.4rem); }
.card h2 { font-size:1.5rem; }
.card .detail { font-size:1.25rem; font-weight:600; margin:.1rem 0 0; }
.positive { color:var(--positive); background:var(--positive-ground); }
.negative { color:var(--negative); background:var(--negative-ground); }
.unsettled { color:var(--unsettled); background:var(--unsettled-ground); }
.neutral { color:var(--neutral); background:var(--neutral-ground); }
dl.answers { display:grid; grid-template-columns:repeat(auto-fit,minmax(11rem,1fr)); gap:.5rem; margin:.9rem 0 .2rem; }
dl.answers div { background:var(--sheet); border:1px solid var(--line); border-radius:.5rem; padding:.45rem .7rem; }
dl.answers dt { color:var(--quiet); font-size:.84rem; }
dl.answers dd { margin:0; font-weight:600; }
.notices { list-style:none; padding:0; }
.notices li { background:var(--unsettled-ground); color:var(--ink); border-left:.3rem solid var(--unsettled);
  border-radius:.3rem; padding:.5rem .8rem; }
.notices strong { color:var(--unsettled); }
.figures { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(19rem,100%),1fr)); gap:1.5rem; }
figure { margin:0; } figcaption { color:var(--quiet); font-size:.88rem; }
svg { display:block; width:100%; max-width:30rem; height:auto; }
.ladder { list-style:none; margin:.4rem 0 0; padding:0; }
.ladder > li { position:relative; margin:0; padding:0 0 1rem 2.4rem; }
.ladder > li::before { content:attr(data-step); position:absolute; left:0; top:.05rem; width:1.6rem; height:1.6rem;
  border-radius:50%; background:var(--soft); border:1px solid var(--line); color:var(--ink); font-size:.82rem;
  font-weight:600; text-align:center; line-height:1.5rem; }
.ladder > li::after { content:""; position:absolute; left:.78rem; top:1.75rem; bottom:.05rem; width:2px;
  background:var(--line); }
.ladder > li:last-child { padding-bottom:0; } .ladder > li:last-child::after { display:none; }
.ladder p { margin:.05rem 0; } .ladder .concludes { font-weight:650; }
.ladder li.gives::before { background:var(--ink); color:var(--sheet); border-color:var(--ink); }
.chips { list-style:none; display:flex; flex-wrap:wrap; gap:.35rem; padding:0; margin:.1rem 0 0; }
.chips li { margin:0; background:var(--soft); border:1px solid var(--line); border-radius:.4rem; padding:.1rem .5rem;
  font-size:.9rem; }
.legend { list-style:none; padding:0; columns:2 10rem; font-size:.88rem; margin:.5rem 0 0; }
.legend li { margin:.1rem 0; display:flex; gap:.4rem; align-items:center; break-inside:avoid; }
.legend svg { width:1rem; height:1rem; flex:none; }
)css";

constexpr const char* kTables = R"css(
.scroll { overflow-x:auto; }
table { border-collapse:collapse; width:100%; font-size:.94rem; }
caption { text-align:left; color:var(--quiet); font-size:.88rem; padding-bottom:.3rem; }
th, td { text-align:left; vertical-align:top; padding:.4rem .7rem .4rem 0; border-bottom:1px solid var(--line); }
th:last-child, td:last-child { padding-right:0; }
thead th { color:var(--quiet); font-weight:600; font-size:.86rem; }
tbody th { font-weight:500; }
tr:last-child th, tr:last-child td { border-bottom:0; }
tr.counts th, tr.counts td { background:var(--soft); }
main.wide { max-width:80rem; }
table.records { font-size:.9rem; }
@media (min-width:40.01rem), print { table.records { table-layout:fixed; }
  .of-6 th:nth-child(1) { width:13%; } .of-6 th:nth-child(2) { width:29%; } .of-6 th:nth-child(3) { width:13%; }
  .of-6 th:nth-child(6) { width:9%; } .of-4 th:nth-child(1) { width:16%; } .of-4 th:nth-child(4) { width:9%; } }
.sheet > h3 { margin-top:1rem; } .sheet > h2 + h3 { margin-top:0; }
td.value { white-space:nowrap; font-weight:600; font-variant-numeric:tabular-nums; }
dl.sources { margin:0; display:grid; grid-template-columns:max-content 1fr; gap:.3rem .9rem; font-size:.92rem; }
dl.sources dt { font-weight:600; max-width:9rem; } dl.sources dd { margin:0; }
:target { background:var(--unsettled-ground); }
@media (max-width:40rem) {
  table.cards thead { position:absolute; left:-200rem; }
  table.cards tr { display:block; padding:.5rem 0; border-bottom:1px solid var(--line); }
  table.cards tr:last-child { border-bottom:0; }
  table.cards th, table.cards td { display:block; border:0; padding:0 0 .1rem; white-space:normal; }
  table.cards td:empty { display:none; }
  table.cards td[data-head]::before { content:attr(data-head) ": "; color:var(--quiet); font-weight:400; }
  table.cards tbody th { font-weight:650; }
  section.sheet, .card { padding:.9rem; }
  dl.answers { grid-template-columns:1fr 1fr; }
}
)css";

constexpr const char* kDrawing = R"css(
svg text { font-family:inherit; fill:var(--ink); } svg .tick { font-size:12px; fill:var(--quiet); }
svg .axis { font-size:12.5px; } svg .group { font-size:13px; font-weight:600; }
svg .frame { fill:none; stroke:var(--quiet); } svg .limit { stroke:var(--quiet); stroke-dasharray:5 4; }
svg .g1 { fill:var(--g1); } svg .g2 { fill:var(--g2); } svg .g3 { fill:var(--g3); } svg .g4 { fill:var(--g4); }
svg .g5 { fill:var(--g5); } svg .plain { fill:var(--soft); }
svg .cloud { fill:var(--mark); fill-opacity:.3; } svg .range { fill:var(--mark); fill-opacity:.18; stroke:var(--mark); stroke-width:1.5; }
svg .region { fill:var(--mark); fill-opacity:.1; stroke:var(--mark); stroke-width:1.3; stroke-opacity:.75; }
svg .point { fill:var(--mark); stroke:var(--halo); stroke-width:2.5; }
svg .s0 { fill:var(--s0); } svg .s1 { fill:var(--s1); } svg .s2 { fill:var(--s2); } svg .s3 { fill:var(--s3); }
svg .s4 { fill:var(--s4); } svg .part { stroke:var(--sheet); stroke-width:1.5; }
svg .hatch { stroke:var(--sheet); stroke-width:2; } svg .share { font-size:12px; font-weight:600; fill:var(--ink); text-anchor:middle; }
)css";

constexpr const char* kPrint = R"css(
@page { margin:14mm 15mm; }
@media print {
  html { font-size:10pt; } body { font-size:10pt; line-height:1.35; }
  main, header.top, footer { max-width:none; padding:0; }
  header.top { padding-top:0; }
  section.sheet { border:0; border-top:1px solid var(--line); border-radius:0; padding:.5rem 0; margin:.5rem 0; }
  .card { margin:.5rem 0; padding:.6rem .9rem; }
  .card, dl.answers div, .notices li, .chips li, .ladder > li::before, svg, tr.counts th, tr.counts td {
    -webkit-print-color-adjust:exact; print-color-adjust:exact; }
  .card, .ladder > li, tr, figure, .notices li, li { break-inside:avoid; }
  h2,h3,caption { break-after:avoid; }
  svg { max-width:72mm; } .scroll { overflow:visible; } .skip { display:none; }
  a { text-decoration:none; }
  dl.answers { grid-template-columns:repeat(4,1fr); }
}
)css";

}  // namespace

std::string_view drawing_rules() { return kDrawing; }
std::string_view colour_rules() { return kColours; }

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string html_say(std::string_view key, std::initializer_list<SayArg> args) { return say_as(html_text, key, args); }

std::string html_page(std::string_view title, std::string_view body, std::string_view more_style) {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"" + html_text(spoken_locale().language) +
      "\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"robots\" content=\"noindex\">\n";
  page += fmt::format("<title>{}</title>\n<style>", html_text(title));
  for (const char* part : {kColours, kLayout, kStatus, kTables, kDrawing, kPrint}) {
    page += part;
  }
  page += more_style;
  page += "</style>\n</head>\n<body>\n";
  page += body;
  if (const std::string untranslated = untranslated_words(); !untranslated.empty()) {
    page += fmt::format("<footer>\n<p>{}</p>\n</footer>\n", html_text(untranslated));
  }
  page += "</body>\n</html>\n";
  return page;
}

}  // namespace her2
