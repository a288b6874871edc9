// What pin() and open_parked() hand out.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "engine/sqlite/parked.hpp"
#include "engine/sqlite/reader.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::sqlite_engine {

/// A view of live. With a log, a read transaction holds it until it is written,
/// and then for a copy's time only: while it lasts the log cannot be emptied.
/// Without one a reader blocks writers, so it is copied at once.
class LiveView final : public View {
 public:
  LiveView(const std::filesystem::path& live, const ParkedFolder& parked, Content content,
           std::chrono::milliseconds busy_timeout);
  [[nodiscard]] const Captured& captured() const override { return captured_; }
  void write(ImageSink& sink, Progress& progress) override;

 private:
  Workspace workspace_;
  std::filesystem::path copy_;
  std::unique_ptr<Reader> reader_;
  Captured captured_;
};

/// A view of a parked copy, which nobody is expected to write to.
class ParkedView final : public View {
 public:
  explicit ParkedView(std::filesystem::path file);
  [[nodiscard]] const Captured& captured() const override { return captured_; }
  void write(ImageSink& sink, Progress& progress) override;

 private:
  void check_untouched() const;

  std::filesystem::path file_;
  std::optional<FileState> state_;
  Captured captured_;
};

}  // namespace quemsi::sqlite_engine
