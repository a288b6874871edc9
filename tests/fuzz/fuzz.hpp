// What all fuzzers share. Each defines LLVMFuzzerTestOneInput, which libFuzzer calls with what it
// has thought of; whatever is thrown out of it, or a sanitizer finds, is a failure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "quemsi/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace quemsi::fuzz {

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Hostile input may be refused, by an error that says that the input is at fault.
template <class Work>
void answer_or_refuse(Work work) {
  try {
    work();
  } catch (const Error& error) {
    const bool refuses = error.kind() == ErrorKind::corrupt || error.kind() == ErrorKind::config ||
                         error.kind() == ErrorKind::user || error.kind() == ErrorKind::unsupported;
    if (!refuses) throw;
  }
}

/// What must hold of every answer.
inline void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

}  // namespace quemsi::fuzz
