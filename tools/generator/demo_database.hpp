// ImageManager's database for the demo's tree: what its records would say of these folders, with a few things that only records
// tell: a verification that failed, an image that is gone, queues of replication that stand still, rows that were left behind.
// What it is not: what ImageManager itself would write; only the tables and columns that published monitors read are there.
#pragma once

#include "tools/generator/tree.hpp"

namespace generator {

// Adds the database to the directory "ImageManager", and what a configuration needs for it. One folder is managed by
// ImageManager alone: its entry is taken out of the tree's folders. Same tree and time, same bytes.
void add_database(Tree& tree, spchain::UnixTime now);

}  // namespace generator
