// The one idiom for owning what a C library hands out.
#pragma once

#include <memory>

namespace quemsi {

/// unique_ptr for a C handle: CHandle<sqlite3, sqlite3_close_v2>.
template <auto Free>
struct CDeleter {
  template <class T>
  void operator()(T* handle) const noexcept {
    static_cast<void>(Free(handle));
  }
};

template <class T, auto Free>
using CHandle = std::unique_ptr<T, CDeleter<Free>>;

/// Adapts an out-parameter: `git_repository_open(Out(handle), path)`.
template <class T, class D>
class Out {
 public:
  explicit Out(std::unique_ptr<T, D>& target) : target_(target) {}
  ~Out() { target_.reset(raw_); }
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  operator T**() noexcept { return &raw_; }  // NOLINT(google-explicit-constructor): the idiom

 private:
  std::unique_ptr<T, D>& target_;
  T* raw_ = nullptr;
};

}  // namespace quemsi
