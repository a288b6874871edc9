// Copies and views of live, and images.
#include "engine/conformance.hpp"

#include <algorithm>

#include "engine/memory_image.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Cancelled : public Progress {
 public:
  void begin(std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t) override {}
  void end() override {}
  void check_cancelled() override { throw Error(ErrorKind::cancelled, "stop"); }
};

}  // namespace

TEST_P(EngineConformance, CopyHoldsWhatLiveHeld) {
  const std::string before = live_dump();
  const ParkedName name = park();
  insert(spec_, 1000, 10);
  EXPECT_EQ(dump_of(name), before);
  EXPECT_NE(live_dump(), before);
}

TEST_P(EngineConformance, CopyIsMadeWhileAnApplicationIsConnected) {
  const auto app = quirks_->connect(spec_.url);
  app->run("INSERT INTO items VALUES(500, 'from the application')");
  const ParkedName name = park();
  EXPECT_EQ(app->run("INSERT INTO items VALUES(501, 'goes on')"), "");
  EXPECT_THAT(dump_of(name), HasSubstr("from the application"));
  EXPECT_THAT(dump_of(name), Not(HasSubstr("goes on")));
}

TEST_P(EngineConformance, SchemaCopyHasNoRows) {
  const ParkedName name = new_name();
  ASSERT_TRUE(live_->copy_live(name, Content::schema, CopyLimit::instant, no_progress()));
  EXPECT_THAT(dump_of(name), HasSubstr("items_by_label"));
  EXPECT_THAT(dump_of(name), HasSubstr("no_empty"));
  EXPECT_THAT(dump_of(name), HasSubstr("labels"));
  EXPECT_THAT(dump_of(name), Not(HasSubstr("row 1")));
}

TEST_P(EngineConformance, CopyRefusesAnExistingName) {
  const ParkedName name = park();
  const std::string before = dump_of(name);
  insert(spec_, 1000, 1);
  EXPECT_THROW(live_->copy_live(name, Content::all, CopyLimit::none, no_progress()), Error);
  EXPECT_EQ(dump_of(name), before);
}

TEST_P(EngineConformance, PinnedViewStaysWhileAnApplicationWrites) {
  const std::string before = live_dump();
  const auto view = live_->pin(Content::all);
  const auto app = quirks_->connect(spec_.url);
  for (int id = 1000; id < 1100; ++id) {
    ASSERT_EQ(app->run("INSERT INTO items VALUES(" + std::to_string(id) + ",'later')"), "");
  }
  MemoryImage image;
  view->write(image, no_progress());
  EXPECT_TRUE(image.finished());
  const ParkedName name = new_name();
  live_->materialise(image, name, no_progress());
  EXPECT_EQ(dump_of(name), before);
}

TEST_P(EngineConformance, PinnedSchemaHasNoRows) {
  MemoryImage image;
  live_->pin(Content::schema)->write(image, no_progress());
  const ParkedName name = new_name();
  live_->materialise(image, name, no_progress());
  EXPECT_THAT(dump_of(name), HasSubstr("items_by_label"));
  EXPECT_THAT(dump_of(name), Not(HasSubstr("row 1")));
}

TEST_P(EngineConformance, ViewStopsWhenCancelled) {
  Cancelled progress;
  MemoryImage image;
  const Error error = error_of([&] { live_->pin(Content::all)->write(image, progress); });
  EXPECT_EQ(error.kind(), ErrorKind::cancelled);
}

TEST_P(EngineConformance, MaterialisedEqualsWhatWasSealed) {
  const std::string before = live_dump();
  const ParkedName parked = park();
  MemoryImage image;
  live_->open_parked(parked)->write(image, no_progress());
  EXPECT_EQ(image.header().engine, quirks_->engine());
  live_->drop_parked(parked);
  const ParkedName name = new_name();
  live_->materialise(image, name, no_progress());
  EXPECT_EQ(dump_of(name), before);
}

TEST_P(EngineConformance, DamagedImagesAreRefusedAndLeaveNothing) {
  const std::vector<std::function<void(MemoryImage&)>> damages{
      [](MemoryImage& image) { image.parts().back()->chunks.pop_back(); },
      [](MemoryImage& image) { image.parts().front()->chunks.front().resize(100); },
      [](MemoryImage& image) {
        std::ranges::fill(image.parts().front()->chunks.front(), std::byte{0xff});
      },
      [](MemoryImage& image) { image.mutable_header().attributes.clear(); },
      [](MemoryImage& image) { image.parts().clear(); }};
  for (const auto& damage : damages) {
    MemoryImage image;
    live_->pin(Content::all)->write(image, no_progress());
    damage(image);
    const Error error = error_of([&] { live_->materialise(image, new_name(), no_progress()); });
    EXPECT_EQ(error.kind(), ErrorKind::corrupt) << error.what();
    EXPECT_THAT(names_of(live_->list_parked()), IsEmpty());
  }
}

TEST_P(EngineConformance, NewerImageFormatIsRefused) {
  MemoryImage image;
  live_->pin(Content::all)->write(image, no_progress());
  image.mutable_header().engine_format = "99";
  const Error error = error_of([&] { live_->materialise(image, new_name(), no_progress()); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
}

TEST_P(EngineConformance, EqualContentMakesEqualChunks) {
  const ParkedName parked = park();
  MemoryImage first;
  MemoryImage second;
  live_->open_parked(parked)->write(first, no_progress());
  live_->open_parked(parked)->write(second, no_progress());
  ASSERT_EQ(first.parts().size(), second.parts().size());
  for (std::size_t i = 0; i < first.parts().size(); ++i) {
    EXPECT_EQ(first.parts()[i]->chunks, second.parts()[i]->chunks);
  }
}

}  // namespace quemsi::test
