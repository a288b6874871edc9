// What the shells' completions ask: `complete WORDS... CURRENT`, candidates a line each.
#pragma once

#include <string>
#include <vector>

#include "cli/syntax.hpp"

namespace quemsi::cli {

struct Completion {
  std::vector<std::string> words;         ///< known without looking at the repository
  Completes values = Completes::nothing;  ///< what else to look up
};

/// `words`: after `quemsi`, the last one being the unfinished one (maybe empty).
Completion complete(const std::vector<std::string>& words);

/// Prints the candidates that start with the unfinished word; silent and 0 on any trouble.
int run_completion(const std::vector<std::string>& words) noexcept;

}  // namespace quemsi::cli
