// What a URL says about TLS.
#pragma once

#include <map>
#include <string>

namespace quemsi::mysql_engine {

enum class TlsMode {
  unsaid,    ///< as the option files have it
  disabled,  ///< never
  required,  ///< with whomever
  verified   ///< with a server whose certificate is checked
};

/// Of the URL's query: `ssl-mode` or `sslmode` as MySQL's clients or libpq write it, `ssl` or `tls`
/// as drivers do. Throws Error(config) for a word that nobody knows: it may have meant a connection
/// that is safe.
TlsMode tls_mode_of(const std::map<std::string, std::string>& parameters);

}  // namespace quemsi::mysql_engine
