#include "unit/store/support.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <tuple>

namespace quemsi {

bool operator==(const SectionHeader& left, const SectionHeader& right) {
  return std::tie(left.name, left.attributes) == std::tie(right.name, right.attributes);
}

bool operator==(const ImageHeader& left, const ImageHeader& right) {
  return std::tie(left.engine, left.engine_format, left.attributes) ==
         std::tie(right.engine, right.engine_format, right.attributes);
}

namespace test {

bool operator==(const TestChunk& left, const TestChunk& right) {
  return std::tie(left.bytes, left.rows, left.first_key) ==
         std::tie(right.bytes, right.rows, right.first_key);
}

bool operator==(const TestSection& left, const TestSection& right) {
  return left.header == right.header && left.chunks == right.chunks;
}

bool operator==(const TestImage& left, const TestImage& right) {
  return left.header == right.header && left.sections == right.sections;
}

class MemoryIndex::OneCall {
 public:
  explicit OneCall(MemoryIndex& index) : index_(index) {
    if (index_.busy_.exchange(true)) throw std::logic_error("two calls of the index at once");
  }
  ~OneCall() { index_.busy_ = false; }
  OneCall(const OneCall&) = delete;
  OneCall& operator=(const OneCall&) = delete;

 private:
  MemoryIndex& index_;
};

std::optional<ChunkLocation> MemoryIndex::find(const ChunkId& id) {
  const OneCall call(*this);
  const auto found = chunks.find(id);
  if (found == chunks.end()) return std::nullopt;
  return found->second;
}

void MemoryIndex::add_pack(const PackInfo& pack, std::span<const PackEntry> entries) {
  const OneCall call(*this);
  packs[pack.name] = pack.bytes;
  for (const PackEntry& entry : entries) {
    chunks.insert_or_assign(entry.id, ChunkLocation{pack.name, entry});
  }
}

void MemoryIndex::remove_pack(const std::string& name) {
  packs.erase(name);
  std::erase_if(chunks, [&](const auto& chunk) { return chunk.second.pack == name; });
}

StoreTest::StoreTest() : store(open_store(root(), index)) {}

std::vector<std::string> StoreTest::pack_names() const { return names_in(packs()); }

SealedImage StoreTest::seal(const TestImage& image) {
  const auto hold = store->hold_packs(no_wait);
  const auto writer = store->write_image();
  writer->header(image.header);
  for (const TestSection& section : image.sections) write_section(*writer, section);
  return writer->commit();
}

TestImage StoreTest::read(const ChunkId& manifest) {
  const auto source = store->read_image(manifest);
  TestImage image{source->header(), {}};
  for (std::size_t s = 0; s < source->sections().size(); ++s) {
    const SectionInfo& info = source->sections()[s];
    TestSection section{info.header, {}};
    for (std::size_t c = 0; c < info.chunks.size(); ++c) {
      const std::string bytes = text_of(source->read(s, c));
      if (bytes.size() != info.chunks[c].bytes) throw std::logic_error("a chunk's size is wrong");
      section.chunks.push_back({bytes, info.chunks[c].rows, info.chunks[c].first_key});
    }
    image.sections.push_back(std::move(section));
  }
  return image;
}

void StoreTest::rebuild_index() {
  index.chunks.clear();
  index.packs.clear();
  store->scan([this](const PackInfo& pack, auto entries) { index.add_pack(pack, entries); },
              [](const StoreFinding& finding) { throw std::runtime_error(finding.what); });
}

TestImage small_image() {
  const std::string binary_key("\x00\xff\n\"\\\x80", 6);
  return {{"sqlite", "1", {{"page_size", "4096"}, {"encoding", "UTF-8 \u00e9"}}},
          {{{"schema", {}}, {{"create table t(a)", 0, ""}}},
           {{"table t", {{"key", "a"}}}, {{"one two", 2, "1"}, {"three", 1, binary_key}}},
           {{"empty", {}}, {}}}};
}

std::string noise(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  std::string text;
  text.reserve(size + sizeof random());
  while (text.size() < size) {
    const std::uint64_t word = random();
    text.append(reinterpret_cast<const char*>(&word), sizeof word);
  }
  text.resize(size);
  return text;
}

void write_section(ImageSink& sink, const TestSection& section) {
  const auto to = sink.section(section.header);
  for (const TestChunk& chunk : section.chunks) {
    to->chunk(bytes_of(chunk.bytes), chunk.rows, chunk.first_key);
  }
  to->finish();
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::remove(file);  // a pack is read-only
  std::ofstream out(file, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::optional<Error> error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace test
}  // namespace quemsi
