// Changes as bytes, for the journal: of an execution, a device, or its presence.
//
// A change is its kind (one byte) and its members in the order of core/change.hpp.
// Numbers are LEB128 (7 bits a byte, the lowest first), times too, after zigzag;
// texts have their length before them. An execution's device is left out, since its
// row has it, and so is its late answer, which PutExecution does not touch.
//
// Threads: pure functions.
#pragma once

#include "daemon/core/change.hpp"
#include "protocol/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace muster::store::sqlite {

// Whether it can be written as bytes: PutExecution, CreateExecutions, PutDevice, PutPresence.
[[nodiscard]] bool is_journaled(const core::Change& change) noexcept;
// Puts it to the end. It must be one that can be.
void append_change(std::string& bytes, const core::Change& change);
// All that was appended, in order. Error: internal, when it is no such list.
[[nodiscard]] Result<std::vector<core::Change>> read_changes(std::string_view bytes);

}  // namespace muster::store::sqlite
