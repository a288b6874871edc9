// The two ways on from anywhere in an exchange: to its end, and back to where it began. Both do
// what is left to do, and nothing when nothing is.
#pragma once

#include <set>
#include <string>

#include "engine/mysql/rename.hpp"
#include "engine/mysql/swap_names.hpp"
#include "engine/mysql/swap_objects.hpp"

namespace quemsi::mysql_engine {

class SwapSteps {
 public:
  SwapSteps(const Server& server, const ParkedRegistry& registry, const SwapPlan& plan,
            Connection& worker, Renamer& renamer)
      : server_(server),
        registry_(registry),
        plan_(plan),
        names_(plan),
        worker_(worker),
        renamer_(renamer),
        objects_(server, registry, plan, worker) {}

  [[nodiscard]] const SwapNames& names() const { return names_; }
  [[nodiscard]] SwapObjects& objects() { return objects_; }
  /// Once live's tables are out of reach: nobody has changed their triggers since the plan was
  /// made.
  [[nodiscard]] bool has_planned_triggers();
  /// From when the incoming tables have left their schema.
  void finish();
  /// While the incoming tables are in their schema.
  void undo();
  [[nodiscard]] std::set<std::string> tables_of(const std::string& schema);

 private:
  void publish_hidden();
  void give_back_hidden(const std::set<std::string>& live, const std::set<std::string>& outgoing);
  void give_back_strays(const std::set<std::string>& live, const std::set<std::string>& outgoing);
  void complete_outgoing();
  void drop_gates();
  void drop_table(const std::string& schema, const std::string& table);
  /// Throws Error(engine) when a table is left in it.
  void drop_empty_schema(const std::string& schema);

  const Server& server_;
  const ParkedRegistry& registry_;
  const SwapPlan& plan_;
  SwapNames names_;
  Connection& worker_;
  Renamer& renamer_;
  SwapObjects objects_;
};

}  // namespace quemsi::mysql_engine
