// Tables of an image that are made in the live schema under names that nobody uses.
#pragma once

#include <map>
#include <set>
#include <string>

#include "engine/mysql/image_reader.hpp"
#include "engine/mysql/in_place/live_hold.hpp"
#include "engine/mysql/in_place/plan.hpp"

namespace quemsi::mysql_engine {

/// Sequences are made under their own names: tables cannot be made before those that they use.
class HiddenTables {
 public:
  /// `letter` tells the tables of two images of one exchange apart. Everything outlives it.
  HiddenTables(LiveHold& hold, const InPlacePlan& plan, const ImageReader& image, char letter);

  /// Of both images, but for what was moved aside.
  void drop_all();
  /// Those of the image's tables and sequences; whole, with triggers, and compared with the image.
  void build(const std::set<std::string>& names);
  /// Real names of those that are hidden now.
  [[nodiscard]] std::set<std::string> pending() const;
  /// What gives these their names. Tables that somebody else has made under such a name are moved
  /// aside, out of everybody's reach.
  [[nodiscard]] Renames reveals() const;
  /// Names of those, with the names that they had.
  [[nodiscard]] std::map<std::string, std::string> aside() const;

 private:
  [[nodiscard]] std::string aside(const std::string& name) const;
  [[nodiscard]] std::set<std::string> standing() const;
  void make(const std::set<std::string>& names);
  void lock(const std::set<std::string>& names);
  void set_counters_of(const std::set<std::string>& names);

  LiveHold& hold_;
  const ImageReader& image_;
  std::string prefix_;                         ///< of all hidden names of the exchange
  std::map<std::string, std::string> hidden_;  ///< by real name
};

}  // namespace quemsi::mysql_engine
