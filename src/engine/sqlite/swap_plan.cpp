#include "engine/sqlite/swap_plan.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "quemsi/error.hpp"

namespace quemsi::sqlite_engine {
namespace {

constexpr int version = 1;

/// JSON holds UTF-8 only, a path any bytes: what is not plain becomes %XX.
std::string escape(const std::filesystem::path& path) {
  std::string text;
  for (const char c : path.native()) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '%') {
      text += fmt::format("%{:02x}", byte);
    } else {
      text += c;
    }
  }
  return text;
}

std::filesystem::path unescape(const std::string& text) {
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      path += text[i];
    } else {
      path += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
  }
  return path;
}

nlohmann::json to_json(const FileIdentity& identity) {
  return nlohmann::json::array({identity.device, identity.inode});
}

FileIdentity identity_from(const nlohmann::json& json) {
  return {json.at(0).get<dev_t>(), json.at(1).get<ino_t>()};
}

}  // namespace

std::string encode(const SwapPlan& plan) {
  nlohmann::json json{{"version", version},
                      {"live", escape(plan.live)},
                      {"incoming", escape(plan.incoming)},
                      {"outgoing", escape(plan.outgoing)},
                      {"incoming_identity", to_json(plan.incoming_identity)}};
  if (plan.live_identity) json["live_identity"] = to_json(*plan.live_identity);
  return json.dump();
}

SwapPlan decode_plan(const std::string& text) {
  try {
    const auto json = nlohmann::json::parse(text);
    if (json.at("version") != version) throw Error(ErrorKind::internal, "unknown plan version");
    SwapPlan plan;
    plan.live = unescape(json.at("live"));
    plan.incoming = unescape(json.at("incoming"));
    plan.outgoing = unescape(json.at("outgoing"));
    plan.incoming_identity = identity_from(json.at("incoming_identity"));
    if (json.contains("live_identity")) plan.live_identity = identity_from(json["live_identity"]);
    return plan;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::internal, "the plan of a swap cannot be read").cause(error.what());
  }
}

}  // namespace quemsi::sqlite_engine
