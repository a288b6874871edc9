#include "cli/output/snapshot_text.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/display_text.hpp"
#include "cli/table.hpp"
#include "util/clock.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

constexpr std::size_t short_id_length = 8;
constexpr std::size_t most_for_names = 30;  // columns, on a terminal, so that the rest has room

std::string shown_name(const std::string& text, const ListView& view) {
  const std::string clean = printable(text);
  return view.width == 0 ? clean : fit(clean, most_for_names);
}

std::vector<Cell> list_row(const Snapshot& snapshot, const ListView& view) {
  const bool is_base = view.base == snapshot.id;
  return {{is_base ? "*" : " ", Colour::green},
          {short_id(snapshot.id), Colour::yellow},
          {shown_name(join(snapshot.tags, ", "), view), Colour::cyan},
          {std::string(to_string(snapshot.kind)), Colour::none},
          {shown_name(snapshot.branch, view), Colour::green},
          {format_age(snapshot.created_at, view.now), Colour::none},
          {human_bytes(total_bytes(snapshot)), Colour::none},
          {printable(snapshot.description), Colour::none}};
}

std::string field(const std::string& name, const std::string& value) {
  return value.empty() ? "" : pad(name + ":", 9) + printable(value) + "\n";
}

std::string state_of(const Image& image) {
  std::vector<std::string> words;
  if (image.content == Content::schema) words.emplace_back("schema only");
  if (image.parked) words.emplace_back("parked");
  words.push_back(image.manifest ? "sealed, " + human_bytes(image.stored_bytes) + " stored"
                                 : "not sealed yet");
  return join(words, ", ");
}

std::string images_text(const Snapshot& snapshot, const Style& style) {
  Table table;
  for (const Image& image : snapshot.images) {
    table.row({{"  " + printable(image.database), Colour::bold},
               {image.engine, Colour::none},
               {human_bytes(image.bytes), Colour::none},
               {state_of(image), Colour::none}});
  }
  return table.render(style, 0);
}

}  // namespace

std::string short_id(const SnapshotId& id) { return id.str().substr(0, short_id_length); }

std::string label(const Snapshot& snapshot) {
  const std::string id = short_id(snapshot.id);
  return snapshot.tags.empty() ? id : id + " (" + printable(join(snapshot.tags, ", ")) + ")";
}

std::string contents(const Snapshot& snapshot) {
  std::vector<std::string> names;
  names.reserve(snapshot.images.size());
  for (const Image& image : snapshot.images) names.push_back(printable(image.database));
  return join(names, ", ") + "; " + human_bytes(total_bytes(snapshot));
}

std::uint64_t total_bytes(const Snapshot& snapshot) {
  std::uint64_t bytes = 0;
  for (const Image& image : snapshot.images) bytes += image.bytes;
  return bytes;
}

std::string list_text(const std::vector<Snapshot>& snapshots, const ListView& view,
                      const Style& style) {
  if (snapshots.empty()) return {};
  Table table;
  std::vector<Cell> head;
  for (const char* name : {" ", "ID", "TAGS", "KIND", "BRANCH", "AGE", "SIZE", "DESCRIPTION"}) {
    head.push_back({name, Colour::dim});
  }
  table.row(std::move(head));
  for (const Snapshot& snapshot : snapshots) table.row(list_row(snapshot, view));
  return table.render(style, view.width);
}

std::string found_text(const SnapshotMatch& match) {
  if (!match.commit) return {};
  const std::string commit = short_id(*match.commit);
  const std::string place = match.steps == 0
                                ? "commit " + commit
                                : fmt::format("ancestor {}, {} commit{} back,", commit, match.steps,
                                              match.steps == 1 ? "" : "s");
  switch (match.by) {
    case FoundBy::note:
      return "linked to " + place + " by its note";
    case FoundBy::trailer:
      return "named by the message of " + place + (match.steps == 0 ? "" : " in a trailer");
    default:
      return "taken at " + place + (match.steps == 0 ? "" : " the nearest one that has any");
  }
}

std::string show_text(const Snapshot& snapshot, Timestamp now, const Style& style) {
  std::string text = style.paint(Colour::yellow, "snapshot " + snapshot.id.str());
  if (!snapshot.tags.empty()) {
    text += " (" + style.paint(Colour::cyan, printable(join(snapshot.tags, ", "))) + ")";
  }
  text += "\n" + field("Author", snapshot.author);
  text += field("Date", fmt::format("{} ({})", format_iso(snapshot.created_at),
                                    format_age(snapshot.created_at, now)));
  text += field("Kind", std::string(to_string(snapshot.kind)));
  text += field("Branch", snapshot.branch);
  if (snapshot.commit) text += field("Commit", short_id(*snapshot.commit));
  if (snapshot.parent) text += field("Parent", short_id(*snapshot.parent));
  if (!snapshot.description.empty()) {
    text += "\n" + indent(trim(printable_lines(snapshot.description)), "    ") + "\n";
  }
  return text + "\n" + images_text(snapshot, style);
}

}  // namespace quemsi::cli
