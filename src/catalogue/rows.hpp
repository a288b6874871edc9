// Pieces of statements that several of the catalogue's files use.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "catalogue/impl.hpp"

namespace quemsi {

void insert_images(CatalogueImpl& impl, const Snapshot& snapshot);

enum class ImageOrder { as_inserted, by_use };

/// The condition that holds for all.
inline constexpr std::string_view every_row = "true";

/// Every image whose row satisfies `condition` (on the columns of `image`), with
/// its snapshot's id; least recently used first, or as its snapshot lists them.
void read_images(CatalogueImpl& impl, const std::string& condition, ImageOrder order,
                 const std::function<void(const std::string&, Image)>& take);

/// `text` for use between single quotes.
std::string sqlite_text(std::string_view text);

}  // namespace quemsi
