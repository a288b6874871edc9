#!/bin/sh
# Builds what users run, in build/release: the same for the tests, the benchmarks and
# the examples.
set -eu
cd "$(dirname "$0")/../.."

mkdir -p build
# Several files at once: half the time.
cmake -S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release -DQUEMSI_TESTS=OFF \
  -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=8 >build/release.log 2>&1 ||
  { cat build/release.log; exit 1; }
cmake --build build/release
