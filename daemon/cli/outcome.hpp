// How a command of the client ends: its exit code, and for a failure the error
// that is shown for it.
//
// Threads: plain values.
#pragma once

#include "protocol/result.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace muster::cli {

// What scripts see; never changed.
enum class ExitCode : int {
    success = 0,              // done; of a watched job: every device Completed
    usage_or_connection = 1,  // wrong command line or file, or no answer
    ended_with_failures = 2,
    stopped = 3,
    refused = 4,  // musterd answered with an error
    still_pending = 5,
};

struct Failure {
    Error error;
    ExitCode exit = ExitCode::usage_or_connection;
};

[[noreturn]] inline void throw_exception_from_error(const Failure& failure,
                                                    const boost::source_location& where) {
    muster::throw_exception_from_error(failure.error, where);
}

template <class T>
using Outcome = boost::system::result<T, Failure>;

// The command line or a file is wrong; nothing was sent.
[[nodiscard]] inline Failure usage_failure(std::string message, std::vector<ErrorDetail> details = {}) {
    return {make_error(ErrorCode::invalid, std::move(message), std::move(details)),
            ExitCode::usage_or_connection};
}
// No answer. `hint`: what to try next; may be empty.
[[nodiscard]] inline Failure connection_failure(std::string message, std::string hint = {}) {
    std::vector<ErrorDetail> details;
    if (!hint.empty()) {
        details.push_back({"", std::move(hint)});
    }
    return {make_error(ErrorCode::unavailable, std::move(message), std::move(details)),
            ExitCode::usage_or_connection};
}
// An answer came, but not one that makes sense.
[[nodiscard]] inline Failure answer_failure(std::string message) {
    return {make_error(ErrorCode::internal, std::move(message)), ExitCode::usage_or_connection};
}

}  // namespace muster::cli
