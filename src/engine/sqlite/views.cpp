#include "engine/sqlite/views.hpp"

#include <fcntl.h>

#include "engine/sqlite/files.hpp"
#include "engine/sqlite/holders.hpp"
#include "engine/sqlite/image_writer.hpp"
#include "engine/sqlite/pages.hpp"
#include "engine/sqlite/schema_copy.hpp"

namespace quemsi::sqlite_engine {

LiveView::LiveView(const std::filesystem::path& live, const ParkedFolder& parked, Content content,
                   std::chrono::milliseconds busy_timeout)
    : workspace_(parked.workspace()),
      copy_(workspace_.file("copy")),
      reader_(std::make_unique<Reader>(live, busy_timeout)) {
  if (content == Content::schema) {
    copy_schema(reader_->connection(), copy_);
    reader_.reset();
    captured_.bytes = file_size(open_file(copy_, O_RDONLY), copy_);
    return;
  }
  captured_ = {reader_->bytes(), reader_->token()};
  if (!reader_->wal()) {
    reader_->copy_to(copy_, CopyLimit::none, no_progress());
    reader_.reset();
  }
}

void LiveView::write(ImageSink& sink, Progress& progress) {
  if (reader_) {
    reader_->copy_to(copy_, CopyLimit::none, progress);
    reader_.reset();
  }
  write_image(copy_, sink, progress);
}

ParkedView::ParkedView(std::filesystem::path file)
    : file_(std::move(file)), state_(settled_state_of(file_)) {
  captured_.bytes = read_layout(open_file(file_, O_RDONLY), file_).bytes();
  if (state_ && state_->settled) captured_.token = token_of({.state = state_->text, .hash = {}});
}

void ParkedView::write(ImageSink& sink, Progress& progress) {
  check_untouched();
  write_image(file_, sink, progress);
  check_untouched();
}

void ParkedView::check_untouched() const {
  if (state_ && state_ == state_of(file_) && state_->log_empty && !has_hot_journal(file_)) return;
  throw_busy(file_, "the parked copy " + file_.filename().string() + " is being written to");
}

}  // namespace quemsi::sqlite_engine
