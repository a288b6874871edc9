#include "support/cutting_proxy.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace quemsi::test {
namespace {

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path) {
    throw std::system_error(ENAMETOOLONG, std::generic_category(), path.string());
  }
  std::memcpy(address.sun_path, path.c_str(), path.string().size());
  return address;
}

Fd make_socket() { return Fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

Fd listen_at(const std::filesystem::path& path) {
  Fd listener = make_socket();
  const sockaddr_un address = address_of(path);
  if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener.get(), 64) != 0) {
    throw std::system_error(errno, std::generic_category(), path.string());
  }
  return listener;
}

bool send_all(int socket, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(socket, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

void hang_up(const Fd& socket) { shutdown(socket.get(), SHUT_RDWR); }

}  // namespace

CuttingProxy::CuttingProxy(const std::filesystem::path& listen, std::filesystem::path server)
    : server_(std::move(server)),
      listener_(listen_at(listen)),
      acceptor_([this] { accept_all(); }) {}

CuttingProxy::~CuttingProxy() {
  hang_up(listener_);
  acceptor_.join();
  cut_all();
  for (const auto& link : links_) {
    link->up.join();
    link->down.join();
  }
}

void CuttingProxy::cut_at(std::uint64_t bytes, Then then, std::function<void()> on_cut) {
  const std::lock_guard lock(mutex_);
  on_cut_ = std::move(on_cut);
  limit_ = bytes;
  then_ = then;
  carried_ = 0;
  has_cut_ = false;
}

void CuttingProxy::carry_all(std::chrono::microseconds delay) {
  cut_at(0, Then::go_on);
  delay_us_ = delay.count();
}

void CuttingProxy::accept_all() {
  for (;;) {
    Fd client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) return;
    const std::lock_guard lock(mutex_);
    if (!has_cut_ || then_ == Then::go_on) connect(std::move(client));
  }
}

void CuttingProxy::connect(Fd client) {
  auto link = std::make_unique<Link>();
  link->client = std::move(client);
  link->server = make_socket();
  const sockaddr_un address = address_of(server_);
  if (::connect(link->server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
      0) {
    return;
  }
  link->up = std::thread([this, raw = link.get()] { pump(raw->client, raw->server); });
  link->down = std::thread([this, raw = link.get()] { pump(raw->server, raw->client); });
  links_.push_back(std::move(link));
}

void CuttingProxy::pump(const Fd& from, const Fd& to) {
  std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t got = recv(from.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) break;
    if (delay_us_ > 0) std::this_thread::sleep_for(std::chrono::microseconds(delay_us_));
    const std::size_t admitted = admit(static_cast<std::size_t>(got));
    const bool sent = send_all(to.get(), buffer.data(), admitted);
    if (!sent || admitted < static_cast<std::size_t>(got)) break;
  }
  hang_up(from);
  hang_up(to);
}

std::size_t CuttingProxy::admit(std::size_t size) {
  const std::lock_guard lock(mutex_);
  if (limit_ == 0 || (has_cut_ && then_ == Then::go_on)) {
    carried_ += size;
    return size;
  }
  if (has_cut_) return 0;
  const std::size_t admitted = std::min<std::uint64_t>(size, limit_ - 1 - carried_);
  carried_ += admitted;
  has_cut_ = admitted < size;
  if (has_cut_ && on_cut_) on_cut_();
  return admitted;
}

void CuttingProxy::cut_all() {
  const std::lock_guard lock(mutex_);
  for (const auto& link : links_) {
    hang_up(link->client);
    hang_up(link->server);
  }
}

}  // namespace quemsi::test
