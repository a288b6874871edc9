// `<state dir>/trusted`: {"version": 1, "trusted": [oldest, ..., newest]}. The accepted texts
// stand there in full: comparing needs no hash, and `trust` can show what changes.
#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "quemsi/config.hpp"
#include "util/atomic_file.hpp"
#include "util/fd.hpp"
#include "util/json_bytes.hpp"

namespace quemsi {
namespace {

constexpr int version = 1;
constexpr std::size_t most = 64;  // branches differ; the oldest is forgotten first

/// Empty when there is none, or none that can be relied upon.
std::vector<std::string> read_texts(const std::filesystem::path& file) {
  const auto text = read_text_file_if_exists(file);
  if (!text) return {};
  try {
    const nlohmann::json json = unwrap_bytes(nlohmann::json::parse(*text));
    if (json.at("version") != version) return {};
    return json.at("trusted").get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

void write_texts(const std::filesystem::path& target, const std::vector<std::string>& texts) {
  const nlohmann::json json{{"version", version}, {"trusted", texts}};
  AtomicFile file(target, 0600);
  file.write(wrap_bytes(json).dump(2) + "\n");
  file.commit();
}

}  // namespace

TrustStore::TrustStore(std::filesystem::path state_dir)
    : file_(std::move(state_dir /= "trusted")) {}

bool TrustStore::trusts(const Config& config) const {
  const std::vector<std::string> texts = read_texts(file_);
  return std::find(texts.begin(), texts.end(), config.sensitive) != texts.end();
}

void TrustStore::trust(const Config& config) {
  std::vector<std::string> texts = read_texts(file_);
  std::erase(texts, config.sensitive);
  texts.push_back(config.sensitive);
  if (texts.size() > most) texts.erase(texts.begin(), texts.end() - static_cast<int>(most));
  std::filesystem::create_directories(file_.parent_path());
  write_texts(file_, texts);
}

std::string TrustStore::latest() const {
  const std::vector<std::string> texts = read_texts(file_);
  return texts.empty() ? std::string{} : texts.back();
}

}  // namespace quemsi
