#include "cli/output/doctor_text.hpp"

#include <gtest/gtest.h>

namespace quemsi::cli {
namespace {

const Diagnosis good{.subject = "git", .severity = {}, .what = "version 2.39.5"};
const Diagnosis warning{.subject = "database app",
                        .severity = Severity::warning,
                        .what = "it cannot be renamed",
                        .causes = {"no right to"},
                        .remedies = {"GRANT it;"}};
const Diagnosis wrong{.subject = "hooks", .severity = Severity::error, .what = "not there"};

TEST(DoctorText, SaysWhatWhyAndWhatToDo) {
  EXPECT_EQ(doctor_text({good, warning, wrong}, Style(false)),
            "ok       git: version 2.39.5\n"
            "warning  database app: it cannot be renamed\n"
            "           no right to\n"
            "           => GRANT it;\n"
            "error    hooks: not there\n"
            "1 error, 1 warning\n");
}

TEST(DoctorText, SaysWhenNothingIsWrong) {
  const Diagnosis note{.subject = "a", .severity = Severity::note, .what = "b"};
  EXPECT_EQ(doctor_text({good, note}, Style(false)),
            "ok       git: version 2.39.5\n"
            "note     a: b\n"
            "nothing is wrong\n");
}

TEST(DoctorText, OnlyErrorsMakeItUnwell) {
  EXPECT_TRUE(is_well({good, warning}));
  EXPECT_FALSE(is_well({good, warning, wrong}));
}

}  // namespace
}  // namespace quemsi::cli
