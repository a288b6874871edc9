#include <array>

#include "cli/command.hpp"

namespace quemsi::cli {

// One a file of its own in this folder.
std::unique_ptr<Command> make_config();
std::unique_ptr<Command> make_delete();
std::unique_ptr<Command> make_describe();
std::unique_ptr<Command> make_doctor();
std::unique_ptr<Command> make_fsck();
std::unique_ptr<Command> make_gc();
std::unique_ptr<Command> make_init();
std::unique_ptr<Command> make_inspect();
std::unique_ptr<Command> make_install();
std::unique_ptr<Command> make_list();
std::unique_ptr<Command> make_log();
std::unique_ptr<Command> make_message();
std::unique_ptr<Command> make_restore();
std::unique_ptr<Command> make_show();
std::unique_ptr<Command> make_snapshot();
std::unique_ptr<Command> make_status();
std::unique_ptr<Command> make_tag();
std::unique_ptr<Command> make_temp_drop();
std::unique_ptr<Command> make_temp_list();
std::unique_ptr<Command> make_trust();
std::unique_ptr<Command> make_undo();
std::unique_ptr<Command> make_uninstall();
std::unique_ptr<Command> make_version();

namespace {

constexpr std::array table{
    CommandEntry{"init", "Find the databases, write .quemsi.yml, install the hooks",
                 "git quemsi init --url sqlite:db/app.sqlite3", make_init},
    CommandEntry{"install", "Install the hooks that make the databases follow the branch",
                 "git quemsi install --chain", make_install},
    CommandEntry{"uninstall", "Remove the hooks, put back what was moved", "git quemsi uninstall",
                 make_uninstall},
    CommandEntry{"trust", "Accept the configuration of this worktree on this machine",
                 "git quemsi trust", make_trust},
    CommandEntry{"snapshot", "Keep the databases as they are now",
                 "git quemsi snapshot before-import -m 'all customers loaded'", make_snapshot},
    CommandEntry{"restore", "Bring a snapshot back", "git quemsi restore before-import",
                 make_restore},
    CommandEntry{"undo", "Take back the last restore or switch", "git quemsi undo", make_undo},
    CommandEntry{"status", "Tell which state the databases are in", "git quemsi status",
                 make_status},
    CommandEntry{"list", "List the snapshots", "git quemsi list --branch main -n 10", make_list},
    CommandEntry{"log", "Show commits and snapshots together", "git quemsi log --graph -n 20",
                 make_log},
    CommandEntry{"show", "Show one snapshot", "git quemsi show before-import", make_show},
    CommandEntry{"tag", "Give a snapshot one more name", "git quemsi tag latest release-2",
                 make_tag},
    CommandEntry{"describe", "Change a snapshot's description",
                 "git quemsi describe before-import -m 'customers and orders'", make_describe},
    CommandEntry{"delete", "Delete a snapshot", "git quemsi delete before-import", make_delete},
    CommandEntry{"message", "Print the databases' state for a commit or a pull request",
                 "git quemsi message --trailers", make_message},
    CommandEntry{"temp list", "List the temporary databases", "git quemsi temp list",
                 make_temp_list},
    CommandEntry{"temp drop", "Drop a temporary database", "git quemsi temp drop klmnopqr",
                 make_temp_drop},
    CommandEntry{"gc", "Remove what nobody needs any more", "git quemsi gc --dry-run", make_gc},
    CommandEntry{"doctor", "Look for what keeps snapshots and switches from working",
                 "git quemsi doctor", make_doctor},
    CommandEntry{"fsck", "Check every byte of the store", "git quemsi fsck", make_fsck},
    CommandEntry{"config", "Show the settings and where they come from",
                 "git quemsi config --show-origin", make_config},
    CommandEntry{"inspect", "Show what is in a pack",
                 "git quemsi inspect .git/quemsi/packs/NAME.pack", make_inspect},
    CommandEntry{"backup create", "The same as snapshot",
                 "git quemsi backup create --database app --tag nightly --description 'by cron'",
                 make_snapshot},
    CommandEntry{"backup list", "The same as list", "git quemsi backup list", make_list},
    CommandEntry{"backup restore", "The same as restore", "git quemsi backup restore nightly",
                 make_restore},
    CommandEntry{"backup delete", "The same as delete", "git quemsi backup delete nightly",
                 make_delete},
    CommandEntry{"version", "Print the version", "git quemsi version", make_version},
};

}  // namespace

std::span<const CommandEntry> command_table() { return table; }

}  // namespace quemsi::cli
