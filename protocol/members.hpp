// Reads the members of one JSON message, each by its rule. Members that are
// never asked for are passed over (SPEC 1.3). Internal to the codec.
//
// Threads: a plain value.
#pragma once

#include "protocol/result.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

// The first member that breaks a rule is kept as error(); the rest are still
// read, in vain. Each reader gives nothing for a member that is absent or wrong.
class Members {
public:
    // Error: that of parse_json, or invalid if the payload is no object.
    [[nodiscard]] static Result<Members> parse(std::string_view payload, std::size_t most_bytes);

    [[nodiscard]] std::optional<std::string> text(std::string_view name, std::size_t most_bytes);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name, std::int64_t least,
                                                      std::int64_t most);
    // Any object; moved out.
    [[nodiscard]] std::optional<boost::json::object> object(std::string_view name);
    // At most limits::kValuesPerDevice members with field names; moved out.
    [[nodiscard]] std::optional<boost::json::object> fields(std::string_view name);
    // The same, of strings, numbers and booleans alone.
    [[nodiscard]] std::optional<boost::json::object> scalar_fields(std::string_view name);
    // Null if absent.
    [[nodiscard]] boost::json::value* find(std::string_view name) { return members_.if_contains(name); }
    // All members, by the rule of fields(); moved out.
    [[nodiscard]] std::optional<boost::json::object> all_fields();

    void fail(std::string_view name, std::string message);
    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

private:
    explicit Members(boost::json::object members) : members_(std::move(members)) {}
    bool are_fields(std::string_view path, const boost::json::object& values);

    boost::json::object members_;
    std::optional<Error> error_;
};

}  // namespace muster
