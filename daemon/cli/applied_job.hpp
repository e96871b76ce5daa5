// Jobs have numbers, documents have names: which job a document means.
//
// Threads: main thread only; same_specification is pure.
#pragma once

#include "daemon/cli/context.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>

namespace muster::cli {

struct AppliedJob {
    std::uint64_t job = 0;
    std::string changed;  // created, updated or unchanged, as the other verbs say
};

// Whether a run of both would be the same: `job` is what job/get answers.
[[nodiscard]] bool same_specification(const boost::json::object& wanted, const boost::json::object& job);

// The newest job of that name is meant. It is left alone when it says the same,
// run or not, so that applying a file twice runs nothing twice; a saved one
// that differs is updated; and when there is none, or what differs has been
// run, a new job is made. A document with a `job` number goes to that one.
[[nodiscard]] Outcome<AppliedJob> apply_job(Context& context, const boost::json::object& document);

}  // namespace muster::cli
