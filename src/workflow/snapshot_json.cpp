#include "workflow/snapshot_json.hpp"

#include "util/json_bytes.hpp"

namespace quemsi {
namespace {

using nlohmann::json;

json image_to_json(const Image& image) {
  return {{"id", image.id.str()},
          {"database", image.database},
          {"engine", image.engine},
          {"content", image.content == Content::all ? "all" : "schema"},
          {"bytes", image.bytes},
          {"stored_bytes", image.stored_bytes},
          {"parked", optional_to_json(image.parked)},
          {"manifest", image.manifest ? json(image.manifest->hex()) : json(nullptr)},
          {"packs", image.packs}};
}

Image image_from_json(const json& from) {
  Image image{.id = ImageId(from.at("id").get<std::string>()),
              .database = from.at("database").get<std::string>(),
              .engine = from.at("engine").get<std::string>()};
  image.content = from.at("content") == "all" ? Content::all : Content::schema;
  image.bytes = from.at("bytes").get<std::uint64_t>();
  image.stored_bytes = from.at("stored_bytes").get<std::uint64_t>();
  image.parked = optional_from_json<ParkedName>(from.at("parked"));
  if (!from.at("manifest").is_null()) {
    image.manifest = ChunkId::parse(from.at("manifest").get<std::string>());
  }
  image.packs = from.at("packs").get<std::vector<std::string>>();
  return image;
}

Snapshot parse(const json& from) {
  Snapshot snapshot{.id = SnapshotId(from.at("id").get<std::string>())};
  const auto kind = parse_snapshot_kind(from.at("kind").get<std::string>());
  if (!kind) throw Error(ErrorKind::corrupt, "a snapshot's record names an unknown kind");
  snapshot.kind = *kind;
  snapshot.tags = from.at("tags").get<std::vector<std::string>>();
  snapshot.description = from.at("description").get<std::string>();
  snapshot.branch = from.at("branch").get<std::string>();
  snapshot.branch_key = optional_from_json<BranchKey>(from.at("branch_key"));
  snapshot.commit = optional_from_json<CommitId>(from.at("commit"));
  snapshot.parent = optional_from_json<SnapshotId>(from.at("parent"));
  snapshot.author = from.at("author").get<std::string>();
  snapshot.created_at =
      Timestamp{std::chrono::milliseconds(from.at("created_at").get<std::int64_t>())};
  for (const json& image : from.at("images")) snapshot.images.push_back(image_from_json(image));
  return snapshot;
}

}  // namespace

json snapshot_to_json(const Snapshot& snapshot) {
  json images = json::array();
  for (const Image& image : snapshot.images) images.push_back(image_to_json(image));
  return wrap_bytes({{"id", snapshot.id.str()},
                     {"kind", std::string(to_string(snapshot.kind))},
                     {"tags", snapshot.tags},
                     {"description", snapshot.description},
                     {"branch", snapshot.branch},
                     {"branch_key", optional_to_json(snapshot.branch_key)},
                     {"commit", optional_to_json(snapshot.commit)},
                     {"parent", optional_to_json(snapshot.parent)},
                     {"author", snapshot.author},
                     {"created_at", snapshot.created_at.time_since_epoch().count()},
                     {"images", images}});
}

Snapshot snapshot_from_json(const json& from) {
  try {
    return parse(unwrap_bytes(from));
  } catch (const json::exception& error) {
    throw Error(ErrorKind::corrupt, "a snapshot's record cannot be read").cause(error.what());
  }
}

}  // namespace quemsi
