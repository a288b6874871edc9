#include "faults/tally.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <span>

#include "util/fd.hpp"

namespace quemsi::test {

void tally(const std::string& operation, const std::string& fault, int cases, int failed) {
  const std::string line = fmt::format("{}\t{}\t{}\t{}\n", operation, fault, cases, failed);
  std::printf("%s", line.c_str());
  const char* file = std::getenv("QUEMSI_FAULT_TALLY");
  if (file == nullptr) return;
  write_all(open_file(file, O_WRONLY | O_APPEND | O_CREAT), std::as_bytes(std::span(line)), file);
}

}  // namespace quemsi::test
