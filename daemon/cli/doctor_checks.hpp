// What `muster doctor` makes of the facts: a table of checks, each with its
// verdict, what was found, and what to do about it.
//
// Threads: pure functions.
#pragma once

#include "daemon/cli/doctor_facts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace muster::cli::checkup {

enum class Verdict { ok, warning, problem, skipped };
[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;  // "warning"

struct Check {
    std::string id;     // "broker.anonymous"; never changed
    std::string title;  // "anonymous clients"
    Verdict verdict = Verdict::ok;
    std::string found;  // a sentence; of a skipped one, why
    std::string fix{};  // a line of prose, then a line for each command; empty when ok
};

// Every row of the table gives one check; of the configuration, one for each
// thing that is wrong with it.
[[nodiscard]] std::vector<Check> judge(const Facts& facts);

// Every id that there is; "configuration" stands for "configuration.KEY" too.
[[nodiscard]] std::vector<std::string_view> check_ids();

// What doctor_checks_*.cpp share: verdicts of one part of the whole.
struct Finding {
    Verdict verdict = Verdict::ok;
    std::string found;
    std::string fix{};
};
[[nodiscard]] inline Finding well(std::string found) {
    return {Verdict::ok, std::move(found)};
}
[[nodiscard]] inline Finding skipped(std::string why) {
    return {Verdict::skipped, std::move(why)};
}

// Of the broker; the first is only about the way to it, the others are asked when there is one.
[[nodiscard]] Finding judge_reach(const Facts& facts);
[[nodiscard]] Finding judge_version(const Facts& facts);
[[nodiscard]] Finding judge_protocol(const Facts& facts);
[[nodiscard]] Finding judge_window(const Facts& facts);
[[nodiscard]] Finding judge_queue(const Facts& facts);
[[nodiscard]] Finding judge_retained(const Facts& facts);
[[nodiscard]] Finding judge_anonymous(const Facts& facts);
[[nodiscard]] Finding judge_access(const Facts& facts);
[[nodiscard]] Finding judge_broker_descriptors(const Facts& facts);

// Of musterd; the first two are only about whether it answers, the others are asked when it did.
[[nodiscard]] Finding judge_answers(const Facts& facts);
[[nodiscard]] Finding judge_alone(const Facts& facts);
[[nodiscard]] Finding judge_link(const Facts& facts);
[[nodiscard]] Finding judge_versions(const Facts& facts);
[[nodiscard]] Finding judge_descriptors(const Facts& facts);
[[nodiscard]] Finding judge_clock(const Facts& facts);
[[nodiscard]] Finding judge_store(const Facts& facts);
[[nodiscard]] Finding judge_integrity(const Facts& facts);
[[nodiscard]] Finding judge_space(const Facts& facts);
[[nodiscard]] Finding judge_inodes(const Facts& facts);

}  // namespace muster::cli::checkup
