#include "daemon/core/outcomes.hpp"

#include "daemon/core/engine_options.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <string>

namespace muster::core {

TEST_CASE("B07: outcomes fold by state, reason and message") {
    std::vector<OutcomeCount> lines;
    count_outcome(lines, ExecutionState::failed, Reason::rejected, "out of range");
    count_outcome(lines, ExecutionState::failed, Reason::rejected, "door open");
    count_outcome(lines, ExecutionState::failed, Reason::device_error, "out of range");
    count_outcome(lines, ExecutionState::failed, Reason::rejected, "out of range");
    count_outcome(lines, ExecutionState::completed, Reason::none, "warm already");
    count_outcome(lines, ExecutionState::completed, Reason::none,
                  "");  // says nothing that the tally does not
    count_outcome(lines, ExecutionState::failed, Reason::offline, "");
    const std::vector<OutcomeCount> expected{
        {ExecutionState::failed, Reason::rejected, "out of range", 2},
        {ExecutionState::failed, Reason::rejected, "door open", 1},
        {ExecutionState::failed, Reason::device_error, "out of range", 1},
        {ExecutionState::completed, Reason::none, "warm already", 1},
        {ExecutionState::failed, Reason::offline, "", 1}};
    CHECK(lines == expected);
}

TEST_CASE("past the most lines, new messages of a reason are counted together, and none is lost") {
    std::vector<OutcomeCount> lines;
    constexpr std::size_t kMessages = kOutcomeLines + 100;
    for (std::size_t i = 0; i < kMessages; ++i) {
        count_outcome(lines, ExecutionState::failed, Reason::rejected, "text " + std::to_string(i));
        count_outcome(lines, ExecutionState::failed, Reason::rejected, "text 0");
    }
    REQUIRE(lines.size() == kOutcomeLines + 1);
    CHECK(lines.front().count == kMessages + 1);
    CHECK(lines.back().message == kOtherMessages);
    CHECK(lines.back().count == 100);

    count_outcome(lines, ExecutionState::failed, Reason::timeout, "no answer");
    CHECK(lines.back() ==
          OutcomeCount{ExecutionState::failed, Reason::timeout, std::string(kOtherMessages), 1});
    const auto total =
        std::accumulate(lines.begin(), lines.end(), std::size_t{0},
                        [](std::size_t sum, const OutcomeCount& line) { return sum + line.count; });
    CHECK(total == 2 * kMessages + 1);
}

}  // namespace muster::core
