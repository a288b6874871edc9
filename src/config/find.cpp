#include "config/find.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "config/dotenv.hpp"
#include "config/url.hpp"
#include "quemsi/error.hpp"

namespace quemsi {
namespace config {
namespace {

constexpr const char* variable = "DATABASE_URL";
constexpr const char* reference = "${DATABASE_URL}";

std::optional<std::string> from_dotenv(const ConfigSources& sources) {
  try {
    const auto variables = read_dotenv(sources.top, sources.environment);
    const auto found = variables.find(variable);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// The environment hides `.env`, as it does when the variable is expanded.
std::optional<DatabaseCandidate> from_variable(const ConfigSources& sources) {
  if (sources.environment) {
    if (const auto url = sources.environment(variable)) {
      return candidate_of_url(*url, reference, "DATABASE_URL in the environment", sources.top);
    }
  }
  const auto url = from_dotenv(sources);
  if (!url) return std::nullopt;
  return candidate_of_url(*url, reference, "DATABASE_URL in .env", sources.top);
}

/// Equal for two URLs of one database, as far as that can be told without connecting.
std::string identity(const DatabaseCandidate& candidate, const std::filesystem::path& top) {
  constexpr std::string_view scheme = "sqlite:";
  if (!candidate.url.starts_with(scheme)) return mask_password(candidate.url);
  std::error_code error;
  const std::filesystem::path file = top / candidate.url.substr(scheme.size());
  const std::filesystem::path real = std::filesystem::weakly_canonical(file, error);
  return (error ? file : real).string();
}

/// "app", then "app-2".
std::string unique_name(const std::string& name, std::set<std::string>& taken) {
  std::string unique = name;
  for (int number = 2; !taken.insert(unique).second; ++number) {
    unique = name + '-' + std::to_string(number);
  }
  return unique;
}

}  // namespace
}  // namespace config

std::vector<DatabaseCandidate> find_databases(const ConfigSources& sources) {
  std::vector<DatabaseCandidate> all;
  if (auto candidate = config::from_variable(sources)) all.push_back(std::move(*candidate));
  std::vector<DatabaseCandidate> rails = config::rails_databases(sources);
  // Rails itself lets DATABASE_URL take the place of its primary database.
  if (!all.empty() && !rails.empty()) rails.erase(rails.begin());
  std::move(rails.begin(), rails.end(), std::back_inserter(all));
  std::vector<DatabaseCandidate> files = config::sqlite_files(sources.top);
  std::move(files.begin(), files.end(), std::back_inserter(all));

  std::vector<DatabaseCandidate> found;
  std::set<std::string> seen;
  std::set<std::string> names;
  for (DatabaseCandidate& candidate : all) {
    if (!seen.insert(config::identity(candidate, sources.top)).second) continue;
    candidate.name = config::unique_name(candidate.name, names);
    found.push_back(std::move(candidate));
  }
  return found;
}

}  // namespace quemsi
