#include "engine/mysql/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/common/hosts.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

/// In characters; the server refuses what is longer.
constexpr std::size_t longest_name = 64;
constexpr unsigned default_port = 3306;

Error refused(const std::string& why) {
  return Error(ErrorKind::config, "not a usable MySQL URL: " + why)
      .hint("write mysql://USER@HOST:PORT/SCHEMA, or mysql://USER@localhost/SCHEMA?socket=PATH");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  throw refused("a % that is not followed by two hexadecimal digits");
}

std::string decode(std::string_view text) {
  std::string clear;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      clear += text[i];
      continue;
    }
    if (i + 2 >= text.size()) throw refused("a % that is not followed by two hexadecimal digits");
    clear += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
    i += 2;
  }
  if (clear.find('\0') != npos) throw refused("it holds a zero byte");
  return clear;
}

struct Parts {
  std::string_view authority;
  std::string_view path;
  std::string_view query;
};

std::size_t path_start(std::string_view url) {
  const std::size_t start = url.find("://") + 3;
  return std::min(url.find_first_of("/?", start), url.size());
}

Parts parts_of(std::string_view url) {
  if (!url.starts_with("mysql://") && !url.starts_with("mariadb://")) {
    throw refused("it does not start with mysql:// or mariadb://");
  }
  url = url.substr(0, url.find('#'));
  const std::size_t start = url.find("://") + 3;
  const std::size_t path = path_start(url);
  const std::size_t question = std::min(url.find('?', path), url.size());
  Parts parts{.authority = url.substr(start, path - start),
              .path = url.substr(path, question - path),
              .query = url.substr(std::min(question + 1, url.size()))};
  if (!parts.path.empty()) parts.path.remove_prefix(1);
  return parts;
}

std::map<std::string, std::string> parameters_of(std::string_view query) {
  std::map<std::string, std::string> parameters;
  for (const std::string& pair : split(query, '&')) {
    const std::size_t equal = std::min(pair.find('='), pair.size());
    std::string key = decode(pair.substr(0, equal));
    std::ranges::replace(key, '_', '-');
    if (!key.empty())
      parameters[key] = decode(std::string_view(pair).substr(std::min(equal + 1, pair.size())));
  }
  return parameters;
}

unsigned port_of(std::string_view digits) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool good = error == std::errc() && end == digits.data() + digits.size();
  if (!good || port == 0 || port > 65535) throw refused("the port is not a number up to 65535");
  return port;
}

/// The colon before a port; an address in brackets has its own.
std::size_t port_colon(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  return host.find(':', bracket == npos ? 0 : bracket);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

bool is_usual_socket(std::string_view path) {
  static constexpr std::array<std::string_view, 5> paths{
      "", "/run/mysqld/mysqld.sock", "/var/run/mysqld/mysqld.sock", "/tmp/mysql.sock",
      "/var/lib/mysql/mysql.sock"};
  return std::ranges::find(paths, path) != paths.end();
}

}  // namespace

ConnectInfo ConnectInfo::parse(const std::string& text) {
  const Parts parts = parts_of(text);
  ConnectInfo info;
  info.text_ = text;
  info.parameters_ = parameters_of(parts.query);
  const std::size_t at = parts.authority.rfind('@');
  const std::string_view user = at == npos ? std::string_view() : parts.authority.substr(0, at);
  const std::size_t colon = user.find(':');
  info.user_ = decode(user.substr(0, colon));
  if (colon != npos) info.password_ = decode(user.substr(colon + 1));
  std::string_view host = at == npos ? parts.authority : parts.authority.substr(at + 1);
  const std::size_t port = port_colon(host);
  if (port != npos && port + 1 < host.size()) info.port_ = port_of(host.substr(port + 1));
  host = host.substr(0, port);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  info.host_ = decode(host);
  if (info.host_.find(',') != std::string::npos) throw refused("it names several servers");
  info.socket_ = info.parameter("socket").value_or(info.parameter("unix-socket").value_or(""));
  info.tls_ = tls_mode_of(info.parameters_);
  if (info.host_.empty()) info.host_ = "localhost";
  info.schema_ = decode(parts.path);
  if (info.schema_.empty()) throw refused("it names no schema");
  return info;
}

ConnectInfo ConnectInfo::to(const std::string& schema) const {
  ConnectInfo other = *this;
  other.schema_ = schema;
  return other;
}

std::optional<std::string> ConnectInfo::parameter(const std::string& key) const {
  const auto found = parameters_.find(key);
  return found == parameters_.end() ? std::nullopt : std::optional(found->second);
}

bool ConnectInfo::is_local() const { return !socket_.empty() || is_loopback(host_); }

std::string ConnectInfo::url() const {
  const std::size_t path = path_start(text_);
  const std::size_t question = text_.find('?', path);
  return text_.substr(0, path) + "/" + encode_percent(schema_) +
         (question == std::string::npos ? "" : text_.substr(question));
}

std::string ConnectInfo::location() const {
  const unsigned port = port_ == 0 ? default_port : port_;
  const bool usual = is_loopback(host_) && is_usual_socket(socket_);
  const std::string server = usual             ? fmt::format("localhost:{}", port)
                             : socket_.empty() ? fmt::format("{}:{}", encode_percent(host_), port)
                                               : encode_percent(socket_);
  return fmt::format("mysql://{}/{}", server, encode_percent(schema_));
}

std::string ConnectInfo::display() const {
  const std::string user = user_.empty() ? "" : user_ + "@";
  const std::string port = port_ == 0 ? "" : fmt::format(":{}", port_);
  const std::string socket = socket_.empty() ? "" : "?socket=" + socket_;
  return fmt::format("mysql://{}{}{}/{}{}", user, host_, port, schema_, socket);
}

std::string ConnectInfo::server() const {
  if (!socket_.empty()) return socket_;
  return port_ == 0 ? host_ : fmt::format("{}:{}", host_, port_);
}

void check_host(const ConnectInfo& info, const std::vector<std::string>& allowed) {
  if (!info.is_local()) check_allowed(info.host(), allowed);
}

void check_live_name(std::string_view name) {
  static constexpr std::array<std::string_view, 5> system{"mysql", "sys", "information_schema",
                                                          "performance_schema", "ndbinfo"};
  const std::string plain = lower(name);
  if (std::ranges::find(system, plain) != system.end()) {
    throw refused(fmt::format("'{}' is the server's own schema", name));
  }
  if (plain.starts_with("quemsi_")) {
    throw refused("a name that starts with 'quemsi_' is a parked copy's");
  }
  if (characters(name) > longest_name) {
    throw refused("the schema's name is longer than 64 characters");
  }
}

}  // namespace quemsi::mysql_engine
