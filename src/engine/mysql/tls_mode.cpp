#include "engine/mysql/tls_mode.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

struct Word {
  std::string_view text;
  TlsMode mode;
};

constexpr std::array<Word, 11> modes{{{"disabled", TlsMode::disabled},
                                      {"disable", TlsMode::disabled},
                                      {"preferred", TlsMode::unsaid},
                                      {"prefer", TlsMode::unsaid},
                                      {"required", TlsMode::required},
                                      {"require", TlsMode::required},
                                      {"verify-ca", TlsMode::verified},
                                      {"verify-identity", TlsMode::verified},
                                      {"verify-full", TlsMode::verified},
                                      {"skip-verify", TlsMode::required},
                                      {"", TlsMode::unsaid}}};

constexpr std::array<Word, 8> answers{{{"1", TlsMode::required},
                                       {"true", TlsMode::required},
                                       {"yes", TlsMode::required},
                                       {"on", TlsMode::required},
                                       {"0", TlsMode::unsaid},
                                       {"false", TlsMode::unsaid},
                                       {"no", TlsMode::unsaid},
                                       {"off", TlsMode::unsaid}}};

std::string plain(const std::string& text) {
  std::string word;
  for (const char c : text) {
    word += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return word;
}

TlsMode mode_of(const std::string& key, const std::string& value, bool takes_answers) {
  const std::string word = plain(value);
  const auto* const mode = std::ranges::find(modes, word, &Word::text);
  if (mode != modes.end()) return mode->mode;
  const auto* const answer = std::ranges::find(answers, word, &Word::text);
  if (takes_answers && answer != answers.end()) return answer->mode;
  throw Error(ErrorKind::config, "not a usable MySQL URL: " + key + " is unknown: " + value)
      .hint("write ssl-mode=DISABLED, PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY");
}

}  // namespace

TlsMode tls_mode_of(const std::map<std::string, std::string>& parameters) {
  TlsMode strictest = TlsMode::unsaid;
  for (const char* key : {"ssl-mode", "sslmode", "ssl", "tls"}) {
    const auto found = parameters.find(key);
    if (found == parameters.end()) continue;
    const bool takes_answers = found->first == "ssl" || found->first == "tls";
    strictest = std::max(strictest, mode_of(found->first, found->second, takes_answers));
  }
  return strictest;
}

}  // namespace quemsi::mysql_engine
