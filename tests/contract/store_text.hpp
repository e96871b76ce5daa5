// Everything a store holds as text, a line for each thing: two stores are equal
// when their texts are, and a failing test shows where they are not.
#pragma once

#include "daemon/store/store.hpp"

#include <string>
#include <vector>

namespace muster::test {

[[nodiscard]] std::string text_of(const core::Execution& execution);
[[nodiscard]] std::string text_of(const std::vector<core::Execution>& executions);
[[nodiscard]] std::string text_of(const store::ExecutionPage& page);
[[nodiscard]] std::string text_of(const store::AuditPage& page);
[[nodiscard]] std::string text_of(const core::Job& job);
// The operation key is left out: each store has its own.
[[nodiscard]] std::string text_of(const core::Snapshot& snapshot);
// The snapshot, every execution of its jobs, and the audit log.
[[nodiscard]] std::string text_of(store::Store& store);

}  // namespace muster::test
