// A network that fails: stands between a client and a server's socket, and cuts a connection at
// whichever byte is asked for.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "util/fd.hpp"

namespace quemsi::test {

class CuttingProxy {
 public:
  /// What becomes of the other connections, and of new ones, after a cut.
  enum class Then { go_on, refuse };

  CuttingProxy(const std::filesystem::path& listen, std::filesystem::path server);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  /// From now on: the connection that carries byte number `bytes`, in whichever direction, loses it
  /// and all that follows. Counts from one. `on_cut` is called then, by a thread of ours, before
  /// either side learns of it.
  void cut_at(std::uint64_t bytes, Then then, std::function<void()> on_cut = {});
  /// From now on everything gets through, each piece of what a side writes so much later.
  void carry_all(std::chrono::microseconds delay = {});
  /// Bytes since either was called.
  [[nodiscard]] std::uint64_t carried() const { return carried_; }
  [[nodiscard]] bool has_cut() const { return has_cut_; }

 private:
  struct Link {
    Fd client;
    Fd server;
    std::thread up;
    std::thread down;
  };
  void accept_all();
  void connect(Fd client);
  void pump(const Fd& from, const Fd& to);
  /// How much of a piece gets through.
  std::size_t admit(std::size_t size);
  void cut_all();

  std::filesystem::path server_;
  Fd listener_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Link>> links_;
  std::atomic<std::uint64_t> carried_ = 0;
  std::atomic<bool> has_cut_ = false;
  std::uint64_t limit_ = 0;  ///< 0: none
  Then then_ = Then::go_on;
  std::function<void()> on_cut_;
  std::atomic<std::int64_t> delay_us_ = 0;
  std::thread acceptor_;
};

}  // namespace quemsi::test
