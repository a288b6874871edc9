// The program that the tests' MariaDB server runs, and the data folder that it starts from.
//
// That of the machine; or one that install-server.sh put into a folder, MySQL's among them: the one
// that QUEMSI_TEST_MYSQL_DIR names.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "support/command.hpp"

namespace quemsi::test {

/// `argv` in a plain environment, and what it prints. Throws std::runtime_error when it fails.
std::string run_program(const Words& argv, const std::string& input = {});
std::map<std::string, std::string> program_environment();

/// `argv` as the user that servers run as, ended when this process ends.
Words as_server_user(const Words& argv);
void give_to_server_user(const std::filesystem::path& folder);

/// Oracle's, not MariaDB's.
bool server_is_mysql();
/// The server's first words; options follow.
Words server_words();
/// What dumps a schema as somebody else would.
std::string dump_program();

/// A data folder as a new server has it, its user `root` without a password.
void make_server_data(const std::filesystem::path& data);

}  // namespace quemsi::test
