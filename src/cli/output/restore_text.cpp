#include "cli/output/restore_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/display_text.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/table.hpp"
#include "util/clock.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

std::string_view in_words(Means means) {
  switch (means) {
    case Means::keep:
      return "as it is";
    case Means::swap:
      return "ready, swapped in";
    case Means::clone:
      return "copied, swapped in";
    case Means::materialise:
      return "rebuilt from the store, swapped in";
  }
  return "";
}

std::string steps_text(const std::vector<RestoreStep>& steps) {
  Table table;
  for (const RestoreStep& step : steps) {
    const bool keeps = step.means == Means::keep;
    table.row({{"  " + printable(step.database), Colour::none},
               {printable(step.target), Colour::none},
               {std::string(in_words(step.means)), Colour::none},
               {keeps ? "" : human_bytes(step.bytes), Colour::none},
               {step.dirty ? "has changes" : "", Colour::none}});
  }
  return table.render(Style(), 0);
}

std::string kept_text(const std::vector<RestoreStep>& steps) {
  const bool dirty =
      std::any_of(steps.begin(), steps.end(), [](const RestoreStep& step) { return step.dirty; });
  return dirty ? "What is there now is kept as a snapshot first; "
                 "`git quemsi undo` takes this back.\n"
               : "Nothing is lost: what is there now is in a snapshot; "
                 "`git quemsi undo` takes this back.\n";
}

}  // namespace

std::string plan_text(const RestorePlan& plan) {
  const std::string found = found_text(plan.match);
  return "Restore snapshot " + label(plan.snapshot) + (found.empty() ? "" : ", " + found + ",") +
         " over\n" + steps_text(plan.steps) + kept_text(plan.steps);
}

std::string undo_plan_text(const UndoPlan& plan) {
  return "Take back the " + printable(plan.what) + ": to snapshot " + label(plan.target) + " in\n" +
         steps_text(plan.steps) + kept_text(plan.steps);
}

std::string delete_plan_text(const DeletePlan& plan, Timestamp now) {
  std::string text =
      fmt::format("Delete snapshot {}: {}, taken {}\n", label(plan.snapshot),
                  contents(plan.snapshot), format_age(plan.snapshot.created_at, now));
  for (const std::string& branch : plan.branches) {
    text += fmt::format("It is what the databases hold on branch {}, which loses it\n",
                        printable(branch));
  }
  return text + "The databases stay as they are. A deleted snapshot cannot be brought back.\n";
}

std::string result_text(const RestoreResult& result) {
  std::vector<std::string> moved;
  for (const RestoreStep& step : result.steps) {
    if (step.means != Means::keep) moved.push_back(printable(step.database));
  }
  std::string text = moved.empty()
                         ? "The databases are at snapshot " + label(result.snapshot) + " already\n"
                         : fmt::format("{} {} now at snapshot {}\n", join(moved, ", "),
                                       moved.size() == 1 ? "is" : "are", label(result.snapshot));
  const std::string found = result.match ? found_text(*result.match) : "";
  if (!found.empty()) text += "It is " + found + "\n";
  if (result.kept) text += "What was there is kept as snapshot " + label(*result.kept) + "\n";
  return text;
}

std::string elsewhere_text(const ElsewhereResult& result) {
  std::string text = "Restored " + printable(result.database) + " of snapshot " +
                     label(result.snapshot) + " to\n  " + printable(result.url) + "\n";
  if (result.temporary) {
    if (result.kept_days > 0) text += fmt::format("It stays for {} days, or", result.kept_days);
    text += fmt::format("{} until you say: git quemsi temp drop {}\n",
                        result.kept_days > 0 ? "" : "It is yours",
                        result.temporary->str().substr(0, 8));
  }
  return text;
}

std::string temporaries_text(const std::vector<TemporaryDatabase>& databases, Timestamp now) {
  Table table;
  for (const TemporaryDatabase& database : databases) {
    table.row({{database.id.str().substr(0, 8), Colour::yellow},
               {printable(database.database), Colour::none},
               {"of " + short_id(database.snapshot), Colour::none},
               {format_age(database.created_at, now), Colour::none},
               {printable(database.url), Colour::none}});
  }
  return table.render(Style(), 0);
}

}  // namespace quemsi::cli
