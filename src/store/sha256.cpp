#include "store/sha256.hpp"

#include <openssl/evp.h>

#include "quemsi/error.hpp"
#include "util/c_handle.hpp"

namespace quemsi {
namespace {

void require(bool done) {
  if (!done) throw Error(ErrorKind::unsupported, "OpenSSL refuses to compute SHA-256");
}

unsigned char* as_unsigned(ChunkId::Bytes& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace

struct Sha256::State {
  CHandle<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  require(state_->context && EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&& other) noexcept = default;
Sha256& Sha256::operator=(Sha256&& other) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

ChunkId::Bytes Sha256::finish() {
  ChunkId::Bytes hash{};
  require(EVP_DigestFinal_ex(state_->context.get(), as_unsigned(hash), nullptr) == 1);
  return hash;
}

ChunkId chunk_id(std::span<const std::byte> raw) {
  ChunkId::Bytes hash{};
  require(EVP_Digest(raw.data(), raw.size(), as_unsigned(hash), nullptr, EVP_sha256(), nullptr) ==
          1);
  return ChunkId(hash);
}

}  // namespace quemsi
