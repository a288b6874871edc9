#!/bin/sh
# Installs what the tests need, builds, runs every test, ends with CTest's summary.
#
#   tests/run.sh [CTEST ARGUMENTS...]      for instance: tests/run.sh -R follow
#
# QUEMSI_LONG_TESTS=ON in the environment: every test on every server, faults at every call.
#
# Four builds under build/: `release` is what users run (faults are injected into
# it), `tsan` holds the suites that have threads, `fuzz` the fuzzers, `test` everything
# else, with AddressSanitizer and UndefinedBehaviorSanitizer.
set -eu
cd "$(dirname "$0")/.."

sh tests/support/install-packages.sh tests
sh tests/support/install-hook-managers.sh

configure() {
  folder=$1
  shift
  cmake -S . -B "build/$folder" -G Ninja "$@" >"build/$folder.log" 2>&1 ||
    { cat "build/$folder.log"; exit 1; }
}

mkdir -p build
# The machine's own servers are tested in any case; the others are fetched while it builds.
for server in mysql mariadb-10.5 mysql-5.6 mariadb-11 postgresql-13 postgresql-18 postgresql-12 \
  postgresql-14 postgresql-16 postgresql-17
do
  sh tests/support/install-server.sh "$server" "build/servers/$server" || true
done >build/servers.log 2>&1 &
servers=$!
sh tests/support/build-release.sh
configure tsan -DCMAKE_BUILD_TYPE=Debug -DQUEMSI_SANITIZE=thread
cmake --build build/tsan --target quemsi_threaded_suites
configure fuzz -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -DQUEMSI_SANITIZE=fuzzer
cmake --build build/fuzz --target quemsi_fuzzers
wait "$servers"
cat build/servers.log
configure test -DCMAKE_BUILD_TYPE=Debug -DQUEMSI_SANITIZE=address \
  -DQUEMSI_RELEASE_DIR="$PWD/build/release" -DQUEMSI_TSAN_DIR="$PWD/build/tsan" \
  -DQUEMSI_FUZZ_DIR="$PWD/build/fuzz" \
  -DQUEMSI_SERVERS_DIR="$PWD/build/servers" -DQUEMSI_LONG_TESTS="${QUEMSI_LONG_TESTS:-OFF}"
cmake --build build/test

# A sanitizer's finding must fail the test that made it.
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
# Quoted within the quotes: the folder's name may have spaces.
export LSAN_OPTIONS="suppressions='$PWD/tests/support/lsan.supp':print_suppressions=0"
# What the fault suites survived: tests/faults/table.sh makes a table of it.
export QUEMSI_FAULT_TALLY="$PWD/build/faults.tally"
rm -f "$QUEMSI_FAULT_TALLY"
# One more than there are processors: a test that waits leaves its own to others.
ctest --test-dir build/test --output-on-failure -j "$(($(nproc) + 1))" "$@"
