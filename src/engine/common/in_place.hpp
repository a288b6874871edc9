// What an engine does for a database whose parked copies are files: it exchanges rows, where others
// are exchanged by renaming.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quemsi/engine.hpp"
#include "quemsi/error.hpp"

namespace quemsi {

/// Used from one thread. Errors are those of Database.
class InPlace {
 public:
  InPlace() = default;
  virtual ~InPlace() = default;
  InPlace(const InPlace&) = delete;
  InPlace& operator=(const InPlace&) = delete;

  /// Why the database cannot be exchanged by renaming, with what would let it; none when it can.
  virtual std::optional<Error> rename_obstacle() = 0;
  /// Why this exchange cannot be one by renaming, though others can; none when it can, too.
  virtual std::optional<Error> reason_to_copy(const ParkedName& /*incoming*/) { return {}; }
  /// As Database::probe(), of a database that is exchanged in place.
  virtual Probe probe() = 0;

  /// Compares every byte with what the image says of itself. Throws Error(corrupt).
  virtual void write_verified(const ImageSource& image, ImageSink& sink, Progress& progress) = 0;
  /// The schema alone, as if it had been captured without rows.
  virtual void write_emptied(const ImageSource& image, ImageSink& sink) = 0;
  /// Puts the file's content into another database. Afterwards the file is the caller's to remove,
  /// if it is still there.
  virtual void publish(const ParkedName& file, const DatabaseSpec& target, bool replace) = 0;
  /// Finishes or takes back one that a process did not come to the end of. Returns the files that
  /// are a part of one that is not settled: nobody may drop those.
  virtual std::vector<ParkedName> settle_publish() { return {}; }

  /// As Database::plan_swap(). `elsewhere`: `incoming` is no file, but a database of ours.
  virtual std::string plan(const ParkedName& incoming, const ParkedName& outgoing,
                           bool elsewhere) = 0;
  /// What goes in by a plan of plan()'s; none for one of another kind.
  virtual std::optional<ParkedName> incoming_of(const std::string& plan) = 0;
  /// As Database::swap(); `incoming` is a file.
  virtual std::optional<Token> exchange(const std::string& plan,
                                        const std::optional<Token>& expected) = 0;
  /// As Database::settle(). `elsewhere`: `incoming` is a database of ours as well.
  virtual Settled settle(const std::string& plan, bool elsewhere) = 0;
};

}  // namespace quemsi
