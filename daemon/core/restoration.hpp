// What a store needs that was restored from a backup, and is therefore older than
// what it did: devices may have executed what it does not know of.
//
// Ids of what is run from now on differ from all that were given (Snapshot::epoch).
// Jobs that were Running or Stopped keep theirs: the same id names the same
// operation, so a device that has executed it answers so. Settings and properties
// go on by that, for written twice they do no harm. A command may do: how far its
// job got since is not known, nor whether the device still remembers. So it Fails as
// `uncertain`, and a person decides (DESIGN section 8, promise 3 before promise 2).
//
// Threads: a pure function.
#pragma once

#include "daemon/core/change.hpp"

namespace muster::core {

// The changes that end what may not go on, in `restored`.
[[nodiscard]] std::vector<Change> after_restore(const Snapshot& restored, TimePoint now);

}  // namespace muster::core
