#include "cli/progress_bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/display_text.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds patience{500};  // shorter work is not worth a word
constexpr milliseconds redraw_every{100};
constexpr std::size_t bar_width = 24;

std::string bytes_a_second(std::uint64_t bytes, double seconds) {
  if (seconds <= 0) return {};
  return human_bytes(static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)) + "/s";
}

std::string time_left(std::uint64_t done, std::uint64_t total, double seconds) {
  if (done == 0) return {};
  const auto left = static_cast<std::uint64_t>(seconds * static_cast<double>(total - done) /
                                               static_cast<double>(done));
  return fmt::format(", {}:{:02} left", left / 60, left % 60);
}

std::string bar(double share) {
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(bar_width));
  return "[" + std::string(filled, '=') + std::string(bar_width - filled, ' ') + "]";
}

}  // namespace

ProgressBar::ProgressBar(ProgressSurroundings surroundings)
    : surroundings_(std::move(surroundings)) {}

ProgressBar::~ProgressBar() {
  const std::scoped_lock lock(mutex_);
  erase();
}

void ProgressBar::begin(std::string_view what, std::uint64_t total) {
  const std::scoped_lock lock(mutex_);
  finish_phase();
  what_ = printable(what);
  total_ = total;
  done_ = 0;
  started_ = surroundings_.clock();
  running_ = true;
}

void ProgressBar::advance(std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  done_ += bytes;
  draw(surroundings_.clock());
}

void ProgressBar::end() {
  const std::scoped_lock lock(mutex_);
  finish_phase();
}

void ProgressBar::check_cancelled() {
  if (surroundings_.check_cancelled) surroundings_.check_cancelled();
  const std::scoped_lock lock(mutex_);
  draw(surroundings_.clock());
}

double ProgressBar::seconds(Instant now) const {
  return std::chrono::duration<double>(now - started_).count();
}

void ProgressBar::draw(Instant now) {
  if (!running_ || !surroundings_.terminal || now - started_ < patience) return;
  if (shown_ && now - drawn_ < redraw_every) return;
  std::string line = what_ + ": ";
  if (total_ == 0) {
    line += human_bytes(done_);
  } else {
    // A total is an estimate: live data may have grown since.
    const std::uint64_t done = std::min(done_, total_);
    const double share = static_cast<double>(done) / static_cast<double>(total_);
    line += fmt::format("{:3}% {} {} / {}", static_cast<int>(share * 100), bar(share),
                        human_bytes(done), human_bytes(total_));
    line += time_left(done, total_, seconds(now));
  }
  const std::string rate = bytes_a_second(done_, seconds(now));
  if (!rate.empty()) line += ", " + rate;
  surroundings_.write("\r" + fit(line, surroundings_.width - 1) + "\x1b[K");
  drawn_ = now;
  shown_ = true;
}

void ProgressBar::erase() {
  if (shown_) surroundings_.write("\r\x1b[K");
  shown_ = false;
}

void ProgressBar::finish_phase() {
  if (!std::exchange(running_, false)) return;
  erase();
  const Instant now = surroundings_.clock();
  if (surroundings_.terminal || now - started_ < patience) return;
  const double took = seconds(now);
  surroundings_.write(done_ == 0
                          ? fmt::format("{}: {:.1f} s\n", what_, took)
                          : fmt::format("{}: {} in {:.1f} s, {}\n", what_, human_bytes(done_), took,
                                        bytes_a_second(done_, took)));
}

}  // namespace quemsi::cli
