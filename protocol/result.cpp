#include "protocol/result.hpp"

#include "protocol/limits.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace muster {
namespace {

void cut(std::string& text) {
    constexpr std::string_view kEllipsis = "…";
    if (text.size() <= limits::kErrorTextBytes) {
        return;
    }
    std::size_t end = limits::kErrorTextBytes - kEllipsis.size();
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;  // not within a character
    }
    text.resize(end);
    text += kEllipsis;
}

}  // namespace

std::string_view to_string(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::invalid:
            return "invalid";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::conflict:
            return "conflict";
        case ErrorCode::forbidden:
            return "forbidden";
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::too_large:
            return "too_large";
        case ErrorCode::internal:
            return "internal";
    }
    invariant_failed("ErrorCode is one of its values", __FILE__, __LINE__);
}

Error make_error(ErrorCode code, std::string message, std::vector<ErrorDetail> details) {
    cut(message);
    if (details.size() > limits::kErrorDetails) {
        details.resize(limits::kErrorDetails);
        details.push_back({"", "and there are more"});
    }
    for (ErrorDetail& detail : details) {
        cut(detail.field);
        cut(detail.message);
    }
    return Error{code, std::move(message), std::move(details)};
}

Error invalid(std::string field, std::string message) {
    std::string whole = field.empty() ? message : field + ": " + message;
    return make_error(ErrorCode::invalid, std::move(whole), {{std::move(field), std::move(message)}});
}

// stdio and abort only: the process may be out of memory or inside a callback.
void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    std::fprintf(stderr, "muster: the value of a failed result was read at %s:%u: %s\n", where.file_name(),
                 static_cast<unsigned>(where.line()), error.message.c_str());
    std::abort();
}

void invariant_failed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(stderr, "muster: broken invariant at %s:%d: %s\n", file, line, expression);
    std::abort();
}

}  // namespace muster
