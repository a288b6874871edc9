// Files that a branch brings along: what the configuration says, and what `init` looks at.
#include <filesystem>
#include <fstream>

#include "fuzz/fuzz.hpp"
#include "quemsi/config.hpp"

namespace quemsi::fuzz {
namespace {

namespace fs = std::filesystem;

/// One folder for the process: libFuzzer calls from one thread.
class Worktree {
 public:
  Worktree() {
    std::string name = fs::temp_directory_path() / "quemsi-fuzz-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder " + name);
    top_ = name;
    fs::create_directory(top_ / "config");
  }
  ~Worktree() {
    std::error_code ignored;
    fs::remove_all(top_, ignored);
  }
  Worktree(const Worktree&) = delete;
  Worktree& operator=(const Worktree&) = delete;

  void write(const char* name, const std::string& text) const {
    std::ofstream(top_ / name, std::ios::binary) << text;
  }
  void remove(const char* name) const { fs::remove(top_ / name); }
  [[nodiscard]] ConfigSources sources() const {
    return {.top = top_,
            .git_config = {},
            .environment = [](const std::string&) { return std::nullopt; },
            .flags = {},
            .variables = {{"worktree", "main"}}};
  }

 private:
  fs::path top_;
};

void load(const Worktree& worktree, const std::string& text) {
  worktree.write(".quemsi.yml", text);
  answer_or_refuse([&] {
    const std::optional<Config> config = load_config(worktree.sources());
    require(config.has_value(), "a file that is there is read or refused");
    for (const ConfigSetting& setting : config->settings) {
      require(!setting.key.empty(), "a setting has a name");
    }
  });
  worktree.remove(".quemsi.yml");
}

void look_at(const Worktree& worktree, const char* name, const std::string& text) {
  worktree.write(name, text);
  for (const DatabaseCandidate& found : find_databases(worktree.sources())) {
    require(!found.url.empty(), "what is found has a URL");
  }
  worktree.remove(name);
}

}  // namespace
}  // namespace quemsi::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quemsi::fuzz;
  static const Worktree worktree;
  const std::string text = text_of(data, size);
  load(worktree, text);
  look_at(worktree, ".env", text);
  look_at(worktree, "config/database.yml", text);
  return 0;
}
