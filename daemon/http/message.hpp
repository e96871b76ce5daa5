// An HTTP request and a response as the rest of this folder sees them: no
// library's types, so that everything but the connection is tested without one.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::http {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, other };
[[nodiscard]] std::string_view to_string(Method method) noexcept;  // "GET"

struct Request {
    Method method = Method::get;
    std::string target;                          // "/api/v1/jobs?limit=3", as it was sent
    std::map<std::string, std::string> headers;  // names in lower case; lists of those that came twice joined
    std::string body;
    std::string repeated{};  // a header that came twice and may not; empty: none

    // nullptr: there is none.
    [[nodiscard]] const std::string* header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? nullptr : &found->second;
    }
};

struct Response {
    unsigned status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string_view constant{};  // instead of body: bytes that live as long as the process

    [[nodiscard]] std::string_view bytes() const {
        return constant.empty() ? std::string_view(body) : constant;
    }
};

struct Target {
    std::vector<std::string> segments;                       // decoded: "/a/b%2Fc" is "a", "b/c"
    std::string path;                                        // as it was sent, without the query
    std::vector<std::pair<std::string, std::string>> query;  // decoded
};
// nullopt: it is none that a server can be asked for, or what it says is no text.
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

}  // namespace muster::http
