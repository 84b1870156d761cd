// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/ish_geojson.h"

#include <string_view>

#include "her2/cellfile/geojson_text.h"
#include "her2/ish/counting.h"

namespace her2 {
namespace {

using geojson::add;
using geojson::Buffer;
using geojson::decimal;

// `nucleus`: whose it is; empty: nobody's.
void signal_feature(Buffer& out, const IshSignal& signal, const std::string& nucleus) {
  const bool her2 = signal.channel == IshChannel::her2;
  const std::string_view kind = signal.state == SignalState::doubtful      ? "Doubtful"
                                : signal.state == SignalState::cytoplasmic ? "Cytoplasmic"
                                : signal.state == SignalState::unassigned  ? "Unassigned"
                                : signal.in_cluster                        ? "Cluster"
                                                                           : "";
  add(out, R"({{"type":"Feature","geometry":{{"type":"Point","coordinates":[)");
  decimal(out, std::int64_t{signal.at.x} * 100 / kSubpixels, 100);
  out.push_back(',');
  decimal(out, std::int64_t{signal.at.y} * 100 / kSubpixels, 100);
  add(out, R"(]}},"properties":{{"objectType":"detection","classification":{{"names":["{}"{}{}{}],"color":[{}]}},)",
      name_of(signal.channel), kind.empty() ? "" : ",\"", kind, kind.empty() ? "" : "\"",
      her2 ? "230,30,90" : "20,150,60");
  if (!nucleus.empty()) {
    add(out, R"("metadata":{{"her2 nucleus":{}}},)", geojson::json_text(nucleus));
  }
  add(out, R"("measurements":{{"SNR":)");
  decimal(out, signal.snr, 10);
  add(out, R"(,"Confidence %":{}}}}}}})", signal.confidence);
}

// How many points of a nucleus are drawn, so that what a person takes out or adds is seen (ish_edits_geojson.h).
struct Drawn {
  int dots = 0, peaks = 0;  // clear ones outside clusters, peaks of clusters
};
Drawn drawn_of(const NucleusTable& table, std::size_t nucleus, IshChannel channel) {
  Drawn out;
  for (const IshSignal& signal : table.signals_of(nucleus)) {
    if (signal.channel == channel && signal.state == SignalState::clear) {
      ++(signal.in_cluster ? out.peaks : out.dots);
    }
  }
  return out;
}

void nucleus_feature(Buffer& out, const NucleusTable& table, std::size_t i) {
  const IshNucleus& n = table.nuclei[i];
  const bool counted = n.verdict == NucleusVerdict::accepted;
  add(out, R"({{"type":"Feature","id":{},"geometry":)", geojson::json_text(table.id(i)));
  geojson::polygon(out, table.contour(i));
  add(out,
      R"(,"properties":{{"objectType":"detection","classification":{{"names":[{}{}{}],"color":[{}]}},"metadata":{{)",
      counted ? "\"Counted\"" : "\"Ignore*\",\"", counted ? "" : name_of(n.verdict), counted ? "" : "\"",
      counted ? "40,110,200" : "150,150,150");
  add(out, R"("her2 verdict":"{}","her2 editor":{})", name_of(n.verdict), geojson::json_text(n.editor));
  for (std::size_t c = 0; c < kIshChannels; ++c) {
    const Drawn drawn = drawn_of(table, i, static_cast<IshChannel>(c));
    const std::string_view name = name_of(static_cast<IshChannel>(c));
    add(out, R"(,"her2 {} dots":"{}","her2 {} peaks":"{}","her2 {} cluster":"{}")", name, drawn.dots, name, drawn.peaks,
        name, count_of(n.counts.at(c), false, ClusterReading::mean) - n.counts.at(c).clear);
  }
  add(out, R"(}},"measurements":{{)");
  for (std::size_t c = 0; c < kIshChannels; ++c) {
    const SignalCount& count = n.counts.at(c);
    const std::string_view name = name_of(static_cast<IshChannel>(c));
    add(out, R"("{}: Signals":{},"{}: Doubtful":{},"{}: Cluster":)", name, count_of(count, false, ClusterReading::mean),
        name, count.doubtful, name);
    decimal(out, (std::int64_t{count.cluster.integrated} + count.cluster.greedy) / 2, 100);
    out.push_back(',');
  }
  add(out, R"("Nucleus: Area µm^2":)");
  decimal(out, n.size, 100);
  add(out, "}}}}}}");
}

}  // namespace

Result<void> write_ish_geojson(const NucleusTable& table, std::uint32_t field, const std::string& path) {
  auto file = TextFile::create(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  Buffer buffer;
  add(buffer, R"({{"type":"FeatureCollection","features":[)");
  bool first = true;
  const auto next = [&] {
    add(buffer, "{}", first ? "\n" : ",\n");
    first = false;
  };
  for (std::size_t i = 0; i < table.nuclei.size(); ++i) {
    if (table.nuclei[i].field != field || table.contour(i).size() < 3) {
      continue;
    }
    next();
    nucleus_feature(buffer, table, i);
    for (const IshSignal& signal : table.signals_of(i)) {
      next();
      signal_feature(buffer, signal, table.id(i));
    }
    if (auto done = geojson::spill(*file, buffer); !done) {
      return done;
    }
  }
  for (const IshSignal& signal : table.stray_signals()) {
    if (signal.field == field) {
      next();
      signal_feature(buffer, signal, {});
    }
  }
  add(buffer, "\n]}}\n");
  if (auto done = geojson::spill(*file, buffer, 0); !done) {
    return done;
  }
  return file->commit();
}

}  // namespace her2
