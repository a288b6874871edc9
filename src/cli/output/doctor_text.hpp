// What `doctor` found, for people.
#pragma once

#include <string>
#include <vector>

#include "cli/style.hpp"
#include "quemsi/upkeep.hpp"

namespace quemsi::cli {

/// No errors; there may be warnings.
bool is_well(const std::vector<Diagnosis>& diagnoses);
/// A line each, with why and what to do below.
std::string doctor_text(const std::vector<Diagnosis>& diagnoses, const Style& style);

}  // namespace quemsi::cli
