#include "workflow/exchange_json.hpp"

#include <nlohmann/json.hpp>

#include "util/json_bytes.hpp"
#include "workflow/snapshot_json.hpp"

namespace quemsi {
namespace {

using nlohmann::json;

template <class T, class Convert>
json list_to_json(const std::vector<T>& items, Convert convert) {
  json list = json::array();
  for (const T& item : items) list.push_back(convert(item));
  return list;
}

template <class T, class Convert>
std::vector<T> list_from_json(const json& list, Convert convert) {
  std::vector<T> items;
  for (const json& item : list) items.push_back(convert(item));
  return items;
}

json step_to_json(const SwapStep& step) {
  return {{"database", step.database},
          {"incoming", step.incoming.str()},
          {"outgoing", step.outgoing.str()},
          {"had_live", step.had_live},
          {"plan", step.plan}};
}

SwapStep step_from_json(const json& from) {
  return {from.at("database").get<std::string>(),
          ParkedName(from.at("incoming").get<std::string>()),
          ParkedName(from.at("outgoing").get<std::string>()), from.at("had_live").get<bool>(),
          from.at("plan").get<std::string>()};
}

json copy_to_json(const RedundantCopy& copy) {
  return {{"database", copy.database}, {"parked", copy.parked.str()}};
}

RedundantCopy copy_from_json(const json& from) {
  return {from.at("database").get<std::string>(), ParkedName(from.at("parked").get<std::string>())};
}

json change_to_json(const ParkedChange& change) {
  return {{"image", change.image.str()}, {"parked", optional_to_json(change.parked)}};
}

ParkedChange change_from_json(const json& from) {
  return {ImageId(from.at("image").get<std::string>()),
          optional_from_json<ParkedName>(from.at("parked"))};
}

json tip_to_json(const Tip& tip) {
  return {{"key", tip.key.str()}, {"branch", tip.branch}, {"snapshot", tip.snapshot.str()}};
}

Tip tip_from_json(const json& from) {
  return {BranchKey(from.at("key").get<std::string>()), from.at("branch").get<std::string>(),
          SnapshotId(from.at("snapshot").get<std::string>())};
}

json tokens_to_json(const std::map<std::string, Token>& tokens) {
  json object = json::object();
  for (const auto& [name, token] : tokens) object[name] = token.str();
  return object;
}

json owner_to_json(const Owner& owner) {
  return {{"worktree", owner.worktree.str()},       {"branch", optional_to_json(owner.branch)},
          {"branch_name", owner.branch_name},       {"base", optional_to_json(owner.base)},
          {"tokens", tokens_to_json(owner.tokens)}, {"locations", owner.locations}};
}

Owner owner_from_json(const json& from) {
  Owner owner{.worktree = WorktreeId(from.at("worktree").get<std::string>())};
  owner.branch = optional_from_json<BranchKey>(from.at("branch"));
  owner.branch_name = from.at("branch_name").get<std::string>();
  owner.base = optional_from_json<SnapshotId>(from.at("base"));
  for (const auto& [name, token] : from.at("tokens").items()) {
    owner.tokens.emplace(name, Token(token.get<std::string>()));
  }
  owner.locations = from.at("locations").get<std::map<std::string, std::string>>();
  return owner;
}

json outcome_to_json(const ExchangeOutcome& outcome) {
  return {
      {"kept", outcome.kept ? snapshot_to_json(*outcome.kept) : json(nullptr)},
      {"parked", list_to_json(outcome.parked, change_to_json)},
      {"redundant", list_to_json(outcome.redundant, copy_to_json)},
      {"absorbed", list_to_json(outcome.absorbed, [](const SnapshotId& id) { return id.str(); })},
      {"tips", list_to_json(outcome.tips, tip_to_json)},
      {"owner", owner_to_json(outcome.owner)},
      {"proven", outcome.proven},
      {"history", outcome.history}};
}

ExchangeOutcome outcome_from_json(const json& from) {
  ExchangeOutcome outcome{.owner = owner_from_json(from.at("owner"))};
  if (!from.at("kept").is_null()) outcome.kept = snapshot_from_json(from.at("kept"));
  outcome.parked = list_from_json<ParkedChange>(from.at("parked"), change_from_json);
  outcome.redundant = list_from_json<RedundantCopy>(from.at("redundant"), copy_from_json);
  outcome.absorbed = list_from_json<SnapshotId>(
      from.at("absorbed"), [](const json& id) { return SnapshotId(id.get<std::string>()); });
  outcome.tips = list_from_json<Tip>(from.at("tips"), tip_from_json);
  outcome.proven = from.at("proven").get<std::vector<std::string>>();
  outcome.history = from.at("history").get<std::string>();
  return outcome;
}

}  // namespace

std::string to_json(const JournalledExchange& journalled) {
  const json text = {{"steps", list_to_json(journalled.exchange.steps, step_to_json)},
                     {"made", list_to_json(journalled.exchange.made, copy_to_json)},
                     {"outcome", outcome_to_json(journalled.exchange.outcome)},
                     {"back", list_to_json(journalled.back, step_to_json)}};
  return wrap_bytes(text).dump();
}

JournalledExchange parse_exchange(const std::string& text, const std::string& kind) {
  try {
    const json from = unwrap_bytes(json::parse(text));
    return {.exchange = {.kind = kind,
                         .steps = list_from_json<SwapStep>(from.at("steps"), step_from_json),
                         .made = list_from_json<RedundantCopy>(from.at("made"), copy_from_json),
                         .outcome = outcome_from_json(from.at("outcome"))},
            .back = list_from_json<SwapStep>(from.at("back"), step_from_json)};
  } catch (const json::exception& error) {
    throw Error(ErrorKind::corrupt, "an entry of the journal cannot be read").cause(error.what());
  }
}

std::int64_t rewrite_journal(Project& project, const WorktreeId& worktree, std::int64_t old,
                             const JournalledExchange& journalled) {
  Catalogue& catalogue = project.catalogue();
  std::int64_t id = 0;
  catalogue.transaction([&] {
    if (old != 0) catalogue.remove_journal(old);
    id = catalogue.write_journal({.worktree = worktree,
                                  .kind = journalled.exchange.kind,
                                  .payload = to_json(journalled),
                                  .started_at = project.now()});
  });
  return id;
}

}  // namespace quemsi
