// What every engine must do. To run it on an engine, write its Quirks and
// instantiate the suite with them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/quirks.hpp"
#include "support/error_of.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {

class EngineConformance : public testing::TestWithParam<MakeQuirks> {
 protected:
  EngineConformance();

  std::unique_ptr<Database> open(const DatabaseSpec& spec);
  static ParkedName new_name() { return parked_name(new_image_id()); }
  static std::vector<std::string> names_of(const std::vector<ParkedInfo>& infos);
  /// A line each.
  static std::string causes_of(const Error& error);
  /// Adds rows through a foreign client.
  void insert(const DatabaseSpec& spec, int first, int count);
  std::string live_dump() { return quirks_->dump(spec_.url); }
  std::string dump_of(const ParkedName& name) {
    return quirks_->dump(quirks_->readable(*live_, name));
  }
  /// A parked copy of live.
  ParkedName park();
  std::optional<Token> capture_token();
  void swap(const ParkedName& incoming, const ParkedName& outgoing);
  /// From here on, what is in the way of a swap is treated like this.
  void set_policy(ConnectionPolicy policy);

  TempDir dir_;
  EngineContext context_;
  std::unique_ptr<Quirks> quirks_;
  EngineRegistry registry_;
  DatabaseSpec spec_;
  std::unique_ptr<Database> live_;
};

/// Of engines that can drop what is live.
class EngineRemoval : public EngineConformance {
 protected:
  Token token_of_live();
  void drop(const Token& token) { live_->drop_live(token, new_name()); }
  /// As busy, with everything as it was.
  void expect_refused(const Token& token);
};

}  // namespace quemsi::test
