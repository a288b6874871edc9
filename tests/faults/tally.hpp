// How many faults were survived: a line for each operation and fault, for the documentation's
// table.
#pragma once

#include <string>

namespace quemsi::test {

/// Prints it, and adds it to the file that QUEMSI_FAULT_TALLY names, if it does.
void tally(const std::string& operation, const std::string& fault, int cases, int failed);

}  // namespace quemsi::test
