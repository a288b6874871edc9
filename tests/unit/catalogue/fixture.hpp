// A catalogue in a folder of its own, and things to put into it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "quemsi/catalogue.hpp"
#include "support/temp_dir.hpp"

namespace quemsi {

/// Quotes, a newline, letters of several alphabets, 200 characters and more.
std::string nasty_text();
ChunkId chunk_id(unsigned char fill);
Timestamp at(std::int64_t milliseconds);
Snapshot some_snapshot(std::int64_t time = 1);
Image some_image(const std::string& database);
SealedImage some_seal(unsigned char fill, std::vector<std::string> packs);

class CatalogueTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "catalogue.db"; }
  Catalogue& catalogue();
  /// As after the process has ended.
  void reopen() { catalogue_.reset(); }

 private:
  test::TempDir folder_;
  std::unique_ptr<Catalogue> catalogue_;
};

}  // namespace quemsi
