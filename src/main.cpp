#include "cli/app.hpp"

int main(int argc, char** argv) { return quemsi::cli::run({argv, static_cast<std::size_t>(argc)}); }
