// The error that a piece of work ends with.
#pragma once

#include <gtest/gtest.h>

#include "quemsi/error.hpp"

namespace quemsi::test {

/// Fails when `work` throws none.
template <class Work>
Error error_of(Work work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return {ErrorKind::internal, "none"};
}

}  // namespace quemsi::test
