// The write-ahead log that an earlier process left behind.
//
// After a failed fsync the kernel may go on to show bytes that never got onto the
// disk, and never write them. A commit that is put behind such bytes would be
// gone with them when the power fails; so would a state that was read from them
// and told to somebody. So what is there is written once more and synced, before
// anything is read from it.
//
// Threads: one at a time, before the store is opened.
#pragma once

#include "protocol/result.hpp"

#include <string>

namespace muster::store::sqlite {

// Writes every byte of the log of `store` again, in its place. A log that is
// missing is none to keep. Error: see file_error; internal for a log that
// does not begin like one: SQLite would pass over it, and with it over commits
// that were reported. (Damage behind the beginning cannot be told from a commit
// that was never finished.)
[[nodiscard]] Result<void> keep_log(const std::string& store);

}  // namespace muster::store::sqlite
