// Certificates of servers that tests start.
#pragma once

#include <filesystem>
#include <string>

#include "support/mariadb_program.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {

/// Two authorities, `ca` and `other`, and a certificate (`cert`, `key`) that `ca` has signed.
class Certificates {
 public:
  /// `host`: whose the certificate is.
  explicit Certificates(const std::string& host) {
    using std::filesystem::perms;
    std::filesystem::permissions(
        folder(), perms::owner_all | perms::others_exec | perms::others_read | perms::group_exec);
    make_authority("ca");
    make_authority("other");
    openssl({"req", "-newkey", "rsa:2048", "-nodes", "-keyout", file("key"), "-out", file("csr"),
             "-subj", "/CN=" + host});
    openssl({"x509", "-req", "-in", file("csr"), "-CA", file("ca"), "-CAkey", file("ca.key"),
             "-CAcreateserial", "-out", file("cert"), "-days", "2"});
  }
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_.path(); }
  [[nodiscard]] std::string file(const std::string& name) const {
    return (folder() / name).string();
  }

 private:
  static void openssl(Words words) {
    words.insert(words.begin(), "openssl");
    run_program(words);
  }
  void make_authority(const std::string& name) {
    openssl({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", file(name + ".key"),
             "-out", file(name), "-subj", "/CN=the " + name, "-days", "2"});
  }

  TempDir folder_;
};

}  // namespace quemsi::test
