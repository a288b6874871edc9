// A pack that somebody made: as it comes, or with a footer that fits what the input says of its
// chunks, which the hash over the footer would hide from chance.
#include <sys/mman.h>

#include <span>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "store/pack_file.hpp"
#include "store/pack_format.hpp"
#include "store/sha256.hpp"
#include "util/fd.hpp"

namespace quemsi::fuzz {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t most_chunks = 8;

Bytes take(Bytes& input, std::size_t size) {
  const Bytes taken = input.first(std::min(size, input.size()));
  input = input.subspan(taken.size());
  return taken;
}

std::uint32_t take_number(Bytes& input, std::size_t size) {
  std::uint32_t number = 0;
  for (const std::byte byte : take(input, size))
    number = number << 8 | std::to_integer<unsigned>(byte);
  return number;
}

/// Each chunk: its kind, how many bytes it claims to be, the length of its frame, the frame.
std::vector<std::byte> with_fitting_footer(Bytes input) {
  std::vector<std::byte> pack = pack_format::encode_header();
  std::vector<PackEntry> entries;
  while (!input.empty() && entries.size() < most_chunks) {
    const auto kind = static_cast<ChunkKind>(take_number(input, 1));
    const std::uint32_t raw = take_number(input, 4);
    const Bytes frame = take(input, take_number(input, 2));
    entries.push_back({.id = chunk_id(frame),
                       .kind = kind,
                       .offset = pack.size(),
                       .stored_bytes = static_cast<std::uint32_t>(frame.size()),
                       .raw_bytes = raw});
    pack.insert(pack.end(), frame.begin(), frame.end());
  }
  const std::vector<std::byte> footer = pack_format::encode_footer(entries);
  pack.insert(pack.end(), footer.begin(), footer.end());
  return pack;
}

Fd file_of(Bytes bytes) {
  Fd file(memfd_create("pack", MFD_CLOEXEC));
  write_all(file, bytes, "pack");
  return file;
}

void read(Bytes pack) {
  answer_or_refuse([&] {
    const PackFile file(file_of(pack), "fuzzed.pack");
    for (const PackEntry& entry : file.entries()) {
      answer_or_refuse([&] {
        require(chunk_id(file.chunk(entry)) == entry.id, "a chunk is what its id names");
      });
    }
  });
}

}  // namespace
}  // namespace quemsi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quemsi::fuzz;
  const auto input = std::as_bytes(std::span(data, size));
  read(input);
  read(with_fitting_footer(input));
  return 0;
}
