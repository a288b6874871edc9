#include "workflow/collect.hpp"

#include <algorithm>
#include <cstring>

#include "util/clock.hpp"

namespace quemsi {
namespace {

/// Writers and readers wait a minute before they give up.
constexpr std::chrono::seconds longest_round{5};
/// What one merge writes at most; a pack of its own holds as much.
constexpr std::uint64_t merge_bytes = std::uint64_t{32} << 20;
/// A smaller pack is merged with others once there are so many.
constexpr std::uint64_t small_pack = std::uint64_t{1} << 20;
constexpr std::size_t most_small_packs = 50;
/// The part of a pack that must be dead for a rewrite to be worth it: one in so many.
constexpr std::uint64_t dead_share = 4;

struct PackUse {
  PackInfo info;
  std::uint64_t live = 0;  ///< bytes of frames
  std::uint64_t dead = 0;
};

std::vector<PackUse> pack_uses(Project& project, const LiveChunks& live) {
  std::vector<PackUse> uses;
  for (const PackInfo& pack : project.catalogue().packs()) {
    PackUse use{.info = pack};
    for (const PackEntry& entry : project.catalogue().pack_entries(pack.name)) {
      (live.contains(entry.id) ? use.live : use.dead) += entry.stored_bytes;
    }
    uses.push_back(use);
  }
  return uses;
}

bool is_largely_dead(const PackUse& use) { return use.dead * dead_share >= use.info.bytes; }
bool is_small(const PackUse& use) { return use.info.bytes < small_pack; }

/// Packs to be rewritten as one each.
std::vector<std::vector<PackUse>> merges(std::vector<PackUse> uses) {
  const auto small = static_cast<std::size_t>(std::ranges::count_if(uses, is_small));
  std::erase_if(uses, [&](const PackUse& use) {
    return !is_largely_dead(use) && !(is_small(use) && small > most_small_packs);
  });
  std::vector<std::vector<PackUse>> groups;
  std::uint64_t bytes = merge_bytes;
  for (PackUse& use : uses) {
    if (bytes + use.live > merge_bytes) {
      groups.emplace_back();
      bytes = 0;
    }
    bytes += use.live;
    groups.back().push_back(std::move(use));
  }
  // One that would only be copied.
  std::erase_if(groups, [](const auto& group) {
    return group.size() == 1 && !is_largely_dead(group.front());
  });
  return groups;
}

std::vector<std::string> names_of(const std::vector<PackUse>& uses) {
  std::vector<std::string> names;
  for (const PackUse& use : uses) names.push_back(use.info.name);
  return names;
}

class Round {
 public:
  Round(Project& project, SoleHold& alone, const LiveChunks& live)
      : project_(project), alone_(alone), live_(live) {}

  Collected run() {
    std::vector<PackUse> uses = pack_uses(project_, live_);
    const auto used =
        std::ranges::stable_partition(uses, [](const PackUse& use) { return use.live == 0; });
    remove({uses.begin(), used.begin()});
    for (const auto& group : merges({used.begin(), used.end()})) {
      if (std::chrono::steady_clock::now() >= deadline_) {
        collected_.done = false;
        break;
      }
      merge(group);
    }
    return collected_;
  }

 private:
  /// The index first: what it does not know, nobody counts on.
  void remove(const std::vector<PackUse>& dead) {
    const std::vector<std::string> names = names_of(dead);
    Catalogue& catalogue = project_.catalogue();
    catalogue.transaction([&] {
      for (const std::string& name : names) catalogue.remove_pack(name);
    });
    gone(names, 0);
  }

  void merge(const std::vector<PackUse>& group) {
    std::vector<std::string> names = names_of(group);
    const auto merged = alone_.merge(names, [&](const ChunkId& id) { return live_.contains(id); });
    if (!merged) return;
    project_.catalogue().replace_packs(names, *merged);
    // One of them may be the very pack that it makes: a killed merge of the same has left it.
    const bool is_new = std::erase(names, merged->info.name) == 0;
    gone(names, is_new ? merged->info.bytes : 0);
    if (is_new) --collected_.packs;
  }

  void gone(const std::vector<std::string>& names, std::uint64_t written) {
    if (names.empty()) return;
    collected_.bytes += alone_.remove(names) - written;
    collected_.packs += names.size();
  }

  Project& project_;
  SoleHold& alone_;
  const LiveChunks& live_;
  Collected collected_;
  std::chrono::steady_clock::time_point deadline_ =
      std::chrono::steady_clock::now() + longest_round;
};

}  // namespace

std::size_t LiveChunks::Hash::operator()(const ChunkId& id) const noexcept {
  std::size_t hash = 0;
  std::memcpy(&hash, id.bytes().data(), sizeof hash);
  return hash;
}

void LiveChunks::update(Project& project) {
  for (const ChunkId& id : project.catalogue().records()) ids_.insert(id);
  for (const ChunkId& manifest : project.catalogue().manifests()) add_image(project, manifest);
}

void LiveChunks::add(Project& project, const Snapshot& snapshot) {
  if (const auto record = project.catalogue().record(snapshot.id)) ids_.insert(*record);
  for (const Image& image : snapshot.images) {
    if (image.manifest) add_image(project, *image.manifest);
  }
}

void LiveChunks::add_image(Project& project, const ChunkId& manifest) {
  if (ids_.contains(manifest)) return;
  for (const ChunkId& id : project.store().chunks_of_image(manifest)) ids_.insert(id);
}

std::uint64_t dead_bytes(Project& project, const LiveChunks& live) {
  std::uint64_t bytes = 0;
  for (const PackUse& use : pack_uses(project, live)) {
    if (use.live == 0) {
      bytes += use.info.bytes;
    } else if (is_largely_dead(use)) {
      bytes += use.dead;
    }
  }
  return bytes;
}

Collected collect(Project& project, std::chrono::milliseconds wait) {
  LiveChunks live;
  // Most of the reading is done before anybody is kept out.
  live.update(project);
  const std::unique_ptr<SoleHold> alone = project.store().hold_packs_alone(wait);
  if (!alone) return {.done = false};
  live.update(project);
  return Round(project, *alone, live).run();
}

}  // namespace quemsi
