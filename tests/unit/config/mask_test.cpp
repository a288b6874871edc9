#include <gtest/gtest.h>

#include "config/shown.hpp"
#include "config/url.hpp"
#include "quemsi/config.hpp"

namespace quemsi {
namespace {

struct Masked {
  const char* url;
  const char* expected;
};

class MaskPassword : public testing::TestWithParam<Masked> {};

TEST_P(MaskPassword, LeavesNothingSecret) {
  EXPECT_EQ(mask_password(GetParam().url), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    WithoutPassword, MaskPassword,
    testing::Values(Masked{"", ""}, Masked{"sqlite:db/a.db", "sqlite:db/a.db"},
                    Masked{"sqlite:a:b@c.db", "sqlite:a:b@c.db"},
                    Masked{"file:./dev.db?mode=rw", "file:./dev.db?mode=rw"},
                    Masked{"postgresql://h/d", "postgresql://h/d"},
                    Masked{"postgresql:///d", "postgresql:///d"},
                    Masked{"postgresql://u@h:5432/d", "postgresql://u@h:5432/d"},
                    Masked{"postgresql://h:5432/d", "postgresql://h:5432/d"},
                    Masked{"postgresql://[::1]:5432/d", "postgresql://[::1]:5432/d"},
                    Masked{"mysql://h:3306/d?user=a@b", "mysql://h:3306/d?user=a@b"},
                    Masked{"host=h user=u", "host=h user=u"}, Masked{"nonsense", "nonsense"}));

INSTANTIATE_TEST_SUITE_P(InTheUser, MaskPassword,
                         testing::Values(Masked{"postgresql://u:p@h/d", "postgresql://u:***@h/d"},
                                         Masked{"postgresql://u:@h/d", "postgresql://u:***@h/d"},
                                         Masked{"postgresql://:p@h/d", "postgresql://:***@h/d"},
                                         Masked{"mysql://u:a:b@h/d", "mysql://u:***@h/d"},
                                         Masked{"mysql://u:p@h", "mysql://u:***@h"},
                                         Masked{"mysql://u:p@h/d?x=a@b", "mysql://u:***@h/d?x=a@b"},
                                         Masked{"x+y://u:p@h1,h2:1/d", "x+y://u:***@h1,h2:1/d"},
                                         Masked{"mysql:u:p@h", "mysql:***@h"},
                                         Masked{"u:p@tcp(h)/d", "u:***@tcp(h)/d"}));

INSTANTIATE_TEST_SUITE_P(NotEncodedAsItShouldBe, MaskPassword,
                         testing::Values(Masked{"mysql://u:p@ss@h/d", "mysql://u:***@h/d"},
                                         Masked{"mysql://u:p/ss@h/d", "mysql://u:***@h/d"},
                                         Masked{"mysql://u:p@s/s@h/d", "mysql://u:***@h/d"},
                                         Masked{"mysql://u:p?ss@h/d", "mysql://u:***@h/d"},
                                         Masked{"mysql://u:p#ss@h/d", "mysql://u:***@h/d"}));

INSTANTIATE_TEST_SUITE_P(
    InParameters, MaskPassword,
    testing::Values(
        Masked{"postgresql:///d?password=p", "postgresql:///d?password=***"},
        Masked{"postgresql:///d?a=b&password=p&c=d", "postgresql:///d?a=b&password=***&c=d"},
        Masked{"postgresql:///d?PassWord=p&sslpassword=q",
               "postgresql:///d?PassWord=***&sslpassword=***"},
        Masked{"postgresql:///d?pass%77ord=p", "postgresql:///d?pass%77ord=***"},
        Masked{"postgresql:///d?%zz=%", "postgresql:///d?%zz=%"},
        Masked{"sqlite:a.db?password=p", "sqlite:a.db?password=***"},
        Masked{"mysql://u:p@h/d?pwd=a=b&passwd=", "mysql://u:***@h/d?pwd=***&passwd=***"}));

INSTANTIATE_TEST_SUITE_P(
    InKeyValueText, MaskPassword,
    testing::Values(Masked{"host=h password=p dbname=d", "host=h password=*** dbname=d"},
                    Masked{"password=p", "password=***"}, Masked{"  password=p", "  password=***"},
                    Masked{"host = h password = p dbname = d",
                           "host = h password = *** dbname = d"},
                    Masked{"password='a b' host=h", "password=*** host=h"},
                    Masked{"password='a\\' b' host=h", "password=*** host=h"},
                    Masked{"password=a\\ b host=h", "password=*** host=h"},
                    Masked{"password='a'host=h", "password=***host=h"},
                    Masked{"password='never closed host=h", "password=***"},
                    Masked{"host=h password=", "host=h password=***"},
                    Masked{"password='x://y' sslpassword=z", "password=*** sslpassword=***"},
                    Masked{"host='password=x' user=u", "host='password=x' user=u"},
                    Masked{"host=h trailing", "host=h trailing"}));

struct Authority {
  const char* url;
  bool clear;
};

class ClearAuthority : public testing::TestWithParam<Authority> {};

TEST_P(ClearAuthority, IsToldApart) {
  EXPECT_EQ(config::has_clear_authority(GetParam().url), GetParam().clear);
}

// The unclear ones could hide another host behind the stars.
INSTANTIATE_TEST_SUITE_P(
    All, ClearAuthority,
    testing::Values(Authority{"mysql://u:p@h/d", true}, Authority{"mysql://h/d?user=a@b", true},
                    Authority{"mysql:///d", true}, Authority{"sqlite:a@b/c@d", true},
                    Authority{"host=h password=a@b", true},
                    Authority{"mysql://u:p@evil,x@localhost/d", false},
                    Authority{"mysql://u:p@evil/x@localhost/d", false},
                    Authority{"mysql://h/x@y", false}, Authority{"mysql://u:p?@evil", false},
                    Authority{"mysql://h?user=a@b", false}, Authority{"mysql://u#@h/d", false}));

TEST(Shown, IsShortHarmlessAndWithoutPassword) {
  EXPECT_EQ(config::shown("plain"), "'plain'");
  EXPECT_EQ(config::shown("a://u:p@h"), "'a://u:***@h'");
  EXPECT_EQ(config::shown("a\x1b[31m\n"), "'a?[31m?'");
  EXPECT_EQ(config::shown(std::string(70, 'x')), "'" + std::string(60, 'x') + "...'");
  EXPECT_EQ(config::shown(std::string(59, 'x') + "\u20ac\u20ac"),
            "'" + std::string(59, 'x') + "...'");
}

}  // namespace
}  // namespace quemsi
