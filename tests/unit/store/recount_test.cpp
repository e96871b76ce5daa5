#include "daemon/store/recount.hpp"

#include "daemon/core/engine_options.hpp"
#include "daemon/core/outcomes.hpp"
#include "tests/contract/changes.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <numeric>

namespace muster::test {

using core::ExecutionState;
using core::OutcomeCount;
using core::Reason;

TEST_CASE("B01: the tally counts every execution in exactly one place") {
    store::Recount recount;
    recount.add(execution_of(1, 0));
    recount.add(completed(execution_of(1, 1)));
    recount.add(completed(execution_of(1, 2), "done"));
    recount.add(failed(execution_of(1, 3), Reason::offline, ""));
    CHECK(recount.tally() == core::Tally{2, 1, 1});
    CHECK(recount.tally().selected() == 4);
}

TEST_CASE("B07: outcomes are one line for each state, reason and message, in that order") {
    store::Recount recount;
    recount.add(failed(execution_of(1, 0), Reason::timeout, "no answer"));
    recount.add(failed(execution_of(1, 1), Reason::rejected, "b"));
    recount.add(failed(execution_of(1, 2), Reason::rejected, "a"));
    recount.add(failed(execution_of(1, 3), Reason::rejected, "b"));
    recount.add(completed(execution_of(1, 4), "warm"));
    recount.add(completed(execution_of(1, 5)));
    recount.add(execution_of(1, 6));
    CHECK(recount.outcomes() ==
          std::vector<OutcomeCount>{{ExecutionState::completed, Reason::none, "warm", 1},
                                    {ExecutionState::failed, Reason::rejected, "a", 1},
                                    {ExecutionState::failed, Reason::rejected, "b", 2},
                                    {ExecutionState::failed, Reason::timeout, "no answer", 1}});
}

TEST_CASE("messages past the bound fold, and no execution is lost") {
    store::Recount recount;
    constexpr std::uint32_t kExecutions = 1000;
    for (std::uint32_t ordinal = 0; ordinal < kExecutions; ++ordinal) {
        const auto reason = ordinal % 2 == 0 ? Reason::rejected : Reason::device_error;
        recount.add(failed(execution_of(1, ordinal), reason, fmt::format("message {}", ordinal)));
    }
    recount.add(failed(execution_of(1, kExecutions), Reason::rejected, "message 0"));
    const auto outcomes = recount.outcomes();
    CHECK(outcomes.size() == core::kOutcomeLines + 2);
    std::uint32_t counted = 0;
    for (const OutcomeCount& outcome : outcomes) {
        counted += outcome.count;
        if (outcome.message == core::kOtherMessages) {
            CHECK(outcome.count == (kExecutions - core::kOutcomeLines) / 2);
        } else {
            CHECK(outcome.count == (outcome.message == "message 0" ? 2 : 1));
        }
    }
    CHECK(counted == kExecutions + 1);
}

}  // namespace muster::test
