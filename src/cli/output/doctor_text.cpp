#include "cli/output/doctor_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/display_text.hpp"

namespace quemsi::cli {
namespace {

std::string_view word_of(const Diagnosis& diagnosis) {
  return diagnosis.severity ? to_string(*diagnosis.severity) : "ok";
}

Colour colour_of(const Diagnosis& diagnosis) {
  if (!diagnosis.severity) return Colour::green;
  switch (*diagnosis.severity) {
    case Severity::note:
      return Colour::cyan;
    case Severity::warning:
      return Colour::yellow;
    case Severity::error:
      return Colour::red;
  }
  return Colour::none;
}

std::size_t count(const std::vector<Diagnosis>& diagnoses, Severity severity) {
  return static_cast<std::size_t>(std::ranges::count(diagnoses, severity, &Diagnosis::severity));
}

std::string sum_text(const std::vector<Diagnosis>& diagnoses) {
  const std::size_t errors = count(diagnoses, Severity::error);
  const std::size_t warnings = count(diagnoses, Severity::warning);
  if (errors + warnings == 0) return "nothing is wrong\n";
  return fmt::format("{} error{}, {} warning{}\n", errors, errors == 1 ? "" : "s", warnings,
                     warnings == 1 ? "" : "s");
}

}  // namespace

bool is_well(const std::vector<Diagnosis>& diagnoses) {
  return count(diagnoses, Severity::error) == 0;
}

std::string doctor_text(const std::vector<Diagnosis>& diagnoses, const Style& style) {
  constexpr int width = 7;  // of "warning"
  std::string text;
  for (const Diagnosis& diagnosis : diagnoses) {
    const std::string word = fmt::format("{:<{}}", word_of(diagnosis), width);
    text += fmt::format("{}  {}: {}\n", style.paint(colour_of(diagnosis), word),
                        printable(diagnosis.subject), printable(diagnosis.what));
    const std::string indent(width + 4, ' ');
    for (const std::string& cause : diagnosis.causes) text += indent + printable(cause) + "\n";
    for (const std::string& remedy : diagnosis.remedies) {
      text += indent + "=> " + printable(remedy) + "\n";
    }
  }
  return text + sum_text(diagnoses);
}

}  // namespace quemsi::cli
