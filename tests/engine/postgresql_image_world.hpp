// A live PostgreSQL database that is sealed and built anew.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/memory_image.hpp"
#include "engine/postgresql/database.hpp"
#include "engine/postgresql/parked.hpp"
#include "support/error_of.hpp"
#include "support/postgres_server.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::postgresql_engine::test {

using quemsi::test::MemoryImage;
using quemsi::test::PostgresServer;
using quemsi::test::shared_postgres;
using quemsi::test::TempDir;

class ImageWorld : public testing::Test {
 protected:
  explicit ImageWorld(PostgresServer& server = shared_postgres());
  /// Drops what it made, and all parked copies.
  ~ImageWorld() override;
  ImageWorld(const ImageWorld&) = delete;
  ImageWorld& operator=(const ImageWorld&) = delete;

  static ParkedName new_name() { return parked_name(new_image_id()); }
  [[nodiscard]] PostgresqlDatabase open() const { return {spec_, context_}; }
  /// SQL by the database's owner; by the superuser.
  std::string run(const std::string& sql) const;
  std::string admin(const std::string& sql) const;
  /// A new tablespace, which the database's owner may use.
  void make_tablespace(const std::string& name) const;
  [[nodiscard]] std::string url_of(const ParkedName& name) const;
  [[nodiscard]] std::string run_in(const ParkedName& name, const std::string& sql) const;

  /// Live's content.
  std::unique_ptr<MemoryImage> seal(Content content = Content::all) const;
  ParkedName materialise(const ImageSource& image) const;
  /// Seals and materialises live, and compares schema and data as pg_dump tells them.
  ParkedName expect_round_trip() const;
  [[nodiscard]] std::vector<std::string> parked_databases() const;

  PostgresServer& server_;
  TempDir dir_;
  DatabaseSpec spec_;
  EngineContext context_;
  std::vector<std::string> notices_;
};

/// A server that is stopped must be one's own.
class OwnServer {
 protected:
  PostgresServer own_{{.fsync = true, .settings = {}}};
};

/// All chunks of a table's sections, in order.
std::vector<std::vector<std::byte>> chunks_of(MemoryImage& image, const std::string& table);
std::string text_of(MemoryImage& image, const std::string& section);

using quemsi::test::error_of;

}  // namespace quemsi::postgresql_engine::test
