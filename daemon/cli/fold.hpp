// Many ids in few characters: "fridge-[1-40,52]" for fridge-1 to fridge-40 and
// fridge-52 (DESIGN section 3, rule 11).
//
// Threads: pure functions.
#pragma once

#include <string>
#include <vector>

namespace muster::cli {

// Ids that differ only in the number they end with share a bracket, numbers in
// order and runs of two and more as ranges; leading zeros are kept by folding
// only numbers of the same length ("node-[08-12]"). In a list the groups are
// sorted and joined with ", ". Duplicates count once.
[[nodiscard]] std::string fold_ids(const std::vector<std::string>& ids);

}  // namespace muster::cli
