// COPY in both directions.
#include <algorithm>
#include <cstddef>

#include "engine/postgresql/connection.hpp"

namespace quemsi::postgresql_engine {

void Connection::drain() noexcept {
  for (;;) {
    const Result result(PQgetResult(handle()));
    if (result.get() == nullptr) return;
    if (PQresultStatus(result.get()) != PGRES_COPY_OUT) continue;
    char* row = nullptr;
    while (PQgetCopyData(handle(), &row, 0) > 0) PQfreemem(row);
  }
}

void Connection::copy_out(const std::string& sql,
                          const std::function<void(std::span<const char>)>& row) {
  const Result begun(PQexec(handle(), sql.c_str()));
  if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) fail(begun.get());
  try {
    for (;;) {
      char* data = nullptr;
      const int length = PQgetCopyData(handle(), &data, 0);
      const CHandle<char, PQfreemem> owned(data);
      if (length < 0) break;
      row({data, static_cast<std::size_t>(length)});
    }
  } catch (...) {
    cancel();
    drain();
    throw;
  }
  collect();
}

CopyIn::CopyIn(Connection& connection, const std::string& sql) : connection_(connection) {
  const Result begun(PQexec(connection.handle(), sql.c_str()));
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) connection.fail(begun.get());
}

CopyIn::~CopyIn() {
  if (!open_) return;
  PQputCopyEnd(connection_.handle(), "abandoned");
  while (PGresult* result = PQgetResult(connection_.handle())) PQclear(result);
}

void CopyIn::put(std::span<const char> bytes) {
  constexpr std::size_t most = std::size_t{1} << 20;
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(most, bytes.size()));
    if (PQputCopyData(connection_.handle(), part.data(), static_cast<int>(part.size())) != 1) {
      connection_.fail(nullptr);
    }
    bytes = bytes.subspan(part.size());
  }
}

std::uint64_t CopyIn::finish() {
  open_ = false;
  if (PQputCopyEnd(connection_.handle(), nullptr) != 1) connection_.fail(nullptr);
  const Result result(PQgetResult(connection_.handle()));
  while (PGresult* rest = PQgetResult(connection_.handle())) PQclear(rest);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) connection_.fail(result.get());
  return result.affected();
}

}  // namespace quemsi::postgresql_engine
