// What an exchange calls the tables that it moves and makes, and which of them have triggers.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/mysql/rename.hpp"
#include "engine/mysql/swap.hpp"

namespace quemsi::mysql_engine {

class SwapNames {
 public:
  explicit SwapNames(const SwapPlan& plan);

  [[nodiscard]] const std::string& live() const noexcept { return plan_.live; }
  [[nodiscard]] const std::string& incoming() const noexcept { return plan_.incoming; }
  /// Whether there is anything live to begin with.
  [[nodiscard]] bool has_live() const noexcept { return plan_.live_shape.has_value(); }
  [[nodiscard]] std::string marker() const { return plan_.outgoing + "_m"; }
  /// Where the marker goes with the incoming tables.
  [[nodiscard]] const std::string& marker_target() const {
    return plan_.live_shape ? plan_.outgoing : plan_.live;
  }
  [[nodiscard]] std::string gate(int number) const {
    return std::string(gate_prefix) + plan_.outgoing + "_" + std::to_string(number);
  }
  /// Of the outgoing schema, before anything is moved.
  [[nodiscard]] std::string trial() const { return plan_.outgoing + "_t"; }
  /// Of the live schema, for a table that goes or comes; by its place in the plan.
  [[nodiscard]] std::string hidden_out(std::size_t i) const {
    return plan_.outgoing + "_o" + std::to_string(i);
  }
  [[nodiscard]] std::string hidden_in(std::size_t i) const {
    return plan_.outgoing + "_i" + std::to_string(i);
  }
  [[nodiscard]] const std::vector<TableEntry>& live_tables() const;
  [[nodiscard]] const std::vector<TableEntry>& incoming_tables() const {
    return plan_.incoming_shape.tables;
  }
  [[nodiscard]] bool live_has_triggers(const std::string& table) const {
    return live_triggered_.contains(table);
  }
  [[nodiscard]] bool incoming_has_triggers(const std::string& table) const {
    return incoming_triggered_.contains(table);
  }

  /// Live tables out of reach: to the outgoing schema, or under hidden names.
  [[nodiscard]] Renames moves_away() const;
  /// From hidden names to the outgoing schema.
  [[nodiscard]] Renames moves_out() const;
  /// The incoming tables and the marker.
  [[nodiscard]] Renames moves_in() const;
  [[nodiscard]] Renames unhides() const;
  [[nodiscard]] Renames gates() const;
  [[nodiscard]] bool live_has_any_triggers() const { return !live_triggered_.empty(); }

 private:
  const SwapPlan& plan_;
  std::set<std::string> live_triggered_;
  std::set<std::string> incoming_triggered_;
};

}  // namespace quemsi::mysql_engine
