#include "cli/parser.hpp"

#include <getopt.h>

#include <algorithm>

#include "cli/command.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

constexpr int plain_word = 1;  // what getopt_long returns for one, asked by the leading '-'
constexpr int help_value = 'h';
constexpr int first_value = 256;  // option i is known as first_value + i

/// The C view of a syntax and of the words.
class Getopt {
 public:
  Getopt(const Syntax& syntax, const std::vector<std::string>& words) : words_(words) {
    words_.insert(words_.begin(), "git-quemsi");
    for (std::string& word : words_) argv_.push_back(word.data());
    argv_.push_back(nullptr);
    long_.push_back({"help", no_argument, nullptr, help_value});
    for (const Option& option : syntax.options()) add(option);
    long_.push_back({nullptr, 0, nullptr, 0});
    optind = 0;  // start afresh, whatever was parsed before
    opterr = 0;
  }

  int next() {
    const int argc = static_cast<int>(words_.size());
    // One thread parses, once, before anything else runs.
    return getopt_long(argc, argv_.data(), short_.c_str(),  // NOLINT(concurrency-mt-unsafe)
                       long_.data(), nullptr);
  }
  [[nodiscard]] std::string last_word() const {
    return words_.at(static_cast<std::size_t>(std::max(optind - 1, 1)));
  }
  [[nodiscard]] std::vector<std::string> rest() const {
    return {words_.begin() + optind, words_.end()};
  }
  /// The index of the option that a returned value stands for.
  [[nodiscard]] std::size_t index(int value) const {
    if (value >= first_value) return static_cast<std::size_t>(value - first_value);
    return letters_.find(static_cast<char>(value));
  }

 private:
  void add(const Option& option) {
    const int takes = option.value.empty() ? no_argument : required_argument;
    const bool has_letter = option.names.front().size() == 2;
    letters_ += has_letter ? option.names.front()[1] : ' ';
    if (has_letter)
      short_ += option.value.empty() ? letters_.substr(letters_.size() - 1)
                                     : letters_.substr(letters_.size() - 1) + ":";
    if (option.long_name().size() <= 2) return;
    const int value = first_value + static_cast<int>(letters_.size()) - 1;
    long_.push_back({option.long_name().c_str() + 2, takes, nullptr, value});
  }

  std::vector<std::string> words_;
  std::vector<char*> argv_;
  std::vector<::option> long_;
  std::string short_ = "-:h";
  std::string letters_;  // by option; ' ' where there is none
};

std::vector<std::string> long_names(const Syntax& syntax) {
  std::vector<std::string> names{"--help"};
  for (const Option& option : syntax.options()) names.push_back(option.long_name());
  return names;
}

/// What is wrong with a word that no option matches.
std::string explain_unknown(const Syntax& syntax, const std::string& word) {
  if (optopt != 0) return "unknown option '-" + std::string(1, static_cast<char>(optopt)) + "'";
  const std::string name = word.substr(0, word.find('='));
  const std::vector<std::string> known = long_names(syntax);
  std::vector<std::string> meant;
  std::copy_if(known.begin(), known.end(), std::back_inserter(meant),
               [&](const std::string& candidate) { return candidate.starts_with(name); });
  if (meant.size() > 1) return "'" + name + "' is ambiguous: " + join(meant, ", ");
  meant = nearest(name, known, 1);
  return "unknown option '" + name + "'" +
         (meant.empty() ? "" : "; did you mean " + meant[0] + "?");
}

class Arguments {
 public:
  explicit Arguments(const Syntax& syntax) : syntax_(syntax) {}

  void take(const std::string& word) {
    const std::vector<Argument>& all = syntax_.arguments();
    if (taken_ == all.size()) throw UsageError("one word too many: '" + word + "'");
    all[taken_++].take(word);
  }
  void finish() const {
    const std::vector<Argument>& all = syntax_.arguments();
    if (taken_ < all.size() && all[taken_].required) {
      throw UsageError(all[taken_].name + " is missing");
    }
  }

 private:
  const Syntax& syntax_;
  std::size_t taken_ = 0;
};

}  // namespace

Parsed parse(const Syntax& syntax, const std::vector<std::string>& words) {
  Getopt getopt(syntax, words);
  Arguments arguments(syntax);
  const auto name = [&](int value) { return syntax.options().at(getopt.index(value)).long_name(); };
  for (int value = getopt.next(); value != -1; value = getopt.next()) {
    if (value == help_value) return Parsed::help;
    if (value == plain_word) {
      arguments.take(optarg);
    } else if (value == ':') {
      throw UsageError("option " + name(optopt) + " wants a value");
    } else if (value == '?' && optopt == help_value) {
      throw UsageError("option --help takes no value");
    } else if (value == '?' && optopt >= first_value) {
      throw UsageError("option " + name(optopt) + " takes no value");
    } else if (value == '?') {
      throw UsageError(explain_unknown(syntax, getopt.last_word()));
    } else {
      syntax.options().at(getopt.index(value)).take(optarg != nullptr ? optarg : "");
    }
  }
  for (const std::string& word : getopt.rest()) arguments.take(word);
  arguments.finish();
  return Parsed::command;
}

}  // namespace quemsi::cli
