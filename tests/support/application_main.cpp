// The process behind support/application.hpp: a line of SQL in, rows out, then
// a line "." or "! MESSAGE". Keeps its one connection open until stdin ends.
#include <sqlite3.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

namespace {

constexpr int busy_timeout = 20'000;

struct Closer {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, Closer>;

int print_row(void* /*unused*/, int count, char** values, char** /*names*/) {
  for (int i = 0; i < count; ++i) {
    std::cout << (i == 0 ? "" : "|") << (values[i] == nullptr ? "" : values[i]);
  }
  std::cout << '\n';
  return 0;
}

Database open(const char* file) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open(file, &raw);
  Database database(raw);
  if (code != SQLITE_OK) return {};
  sqlite3_busy_timeout(raw, busy_timeout);
  // Opened lazily otherwise: the file has to be held from now on.
  sqlite3_exec(raw, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
  return database;
}

void execute(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), print_row, nullptr, nullptr) == SQLITE_OK) {
    std::cout << "." << std::endl;
  } else {
    std::cout << "! " << sqlite3_errmsg(database) << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Database database = argc == 2 ? open(argv[1]) : Database();
  if (!database) return 1;
  std::cout << "." << std::endl;
  std::string line;
  while (std::getline(std::cin, line)) execute(database.get(), line);
  return 0;
}
