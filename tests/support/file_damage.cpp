#include "support/file_damage.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace quemsi::test {

void flip_byte(const std::filesystem::path& file, std::int64_t offset) {
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(file));
  const std::int64_t at = offset < 0 ? size + offset : offset;
  if (at < 0 || at >= size) throw std::runtime_error("no such byte in " + file.string());
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(at);
  const int byte = stream.get();
  stream.seekp(at);
  stream.put(static_cast<char>(~byte));
  if (!stream) throw std::runtime_error("cannot damage " + file.string());
}

void cut_to(const std::filesystem::path& file, std::uintmax_t bytes) {
  std::filesystem::resize_file(file, bytes);
}

void write_file(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace quemsi::test
