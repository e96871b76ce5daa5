// A job of the control API (SPEC 7.3) as the client shows it.
//
// Threads: plain values and pure functions, but for load_failures.
#pragma once

#include "daemon/cli/context.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::cli {

struct JobView {
    std::uint64_t job = 0;
    std::string name;
    std::string status;
    std::string detail;
    std::uint64_t selected = 0;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t pending = 0;

    // Completed, Failed or Stopped.
    [[nodiscard]] bool ended() const noexcept;
    friend bool operator==(const JobView&, const JobView&) = default;
};

// One line of the fold of DESIGN section 3, rule 11.
struct FailureGroup {
    std::string reason;
    std::string message;
    std::uint64_t count = 0;
    std::vector<std::string> devices;  // may be fewer than count
};

[[nodiscard]] JobView read_job(const boost::json::object& job);
// Status and tally of `update` (SPEC 6.6) over what is known.
void update_job(JobView& view, const boost::json::object& update);

// How the client ends after the job has: by its status, see ExitCode.
[[nodiscard]] ExitCode exit_code(const JobView& view) noexcept;

[[nodiscard]] Style status_style(std::string_view status) noexcept;
// "150 succeeded  3 failed  47 pending"
[[nodiscard]] Line tally_line(const JobView& view);
// "rejected: out of range"
[[nodiscard]] std::string why(std::string_view reason, std::string_view message);
// "fanSpeed=3 light=eco", "defrost(minutes=10) reboot"
[[nodiscard]] std::string shown_operations(const boost::json::object& job);

// The failed outcomes of `job` (as job/get answers), most frequent first, with
// ids taken from the first `most_devices` failed executions (at most a page).
[[nodiscard]] Outcome<std::vector<FailureGroup>> load_failures(Context& context,
                                                               const boost::json::object& job,
                                                               std::uint64_t most_devices,
                                                               Milliseconds timeout);
// "     3  rejected: out of range   fridge-[1-3]", at most `most` lines and one that counts the rest.
[[nodiscard]] std::vector<Line> failure_lines(const std::vector<FailureGroup>& groups, std::size_t most);

}  // namespace muster::cli
