// Errors are values. Every fallible function of muster returns Result<T>; an
// Error says what the caller can do next (its code), what happened in a
// sentence for a person, and, for refusals, which field broke which rule.
//
// Threads: plain values, no shared state.
#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace muster {

// Named for what the caller does next. The text form is part of the control
// API (SPEC.md, section 7) and never changes.
enum class ErrorCode {
    invalid,      // the request is wrong: mend the fields named in details
    not_found,    // no such thing: name another
    conflict,     // right request, wrong moment: state or revision differs
    forbidden,    // not allowed for this user
    unavailable,  // try again later: queue full, storage full, broker away
    too_large,    // over a limit: send less
    internal,     // our fault: report it
};

[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

// One broken rule. `field` is a path into the request or file, such as
// "operations[0].value" or "musterd.yaml:12:3"; may be empty.
struct ErrorDetail {
    std::string field;
    std::string message;

    friend bool operator==(const ErrorDetail&, const ErrorDetail&) = default;
};

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;
    std::vector<ErrorDetail> details;

    friend bool operator==(const Error&, const Error&) = default;
};

// Reading value() of a failed Result is a broken invariant: it ends the
// process in every build, with the error's message.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Error>;

// Every Error is made here: each text is cut to limits::kErrorTextBytes, and of
// more than limits::kErrorDetails details the rest becomes one that says so.
[[nodiscard]] Error make_error(ErrorCode code, std::string message, std::vector<ErrorDetail> details = {});
[[nodiscard]] Error invalid(std::string field, std::string message);

// Broken invariants stop the process, in release builds too.
[[noreturn]] void invariant_failed(const char* expression, const char* file, int line) noexcept;

#define MUSTER_INVARIANT(expression) \
    ((expression) ? static_cast<void>(0) : ::muster::invariant_failed(#expression, __FILE__, __LINE__))

}  // namespace muster
