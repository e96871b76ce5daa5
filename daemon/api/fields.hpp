// Reading the members of a request, strictly: every mistake is collected, and
// members that nobody asked for are refused by name.
//
// Threads: a plain value; the object must outlive it.
#pragma once

#include "protocol/ids.hpp"
#include "protocol/result.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace muster::api {

class Fields {
public:
    // `path` is put before every field name in errors: "policy.".
    explicit Fields(const boost::json::object& object, std::string path = {});

    // Each reads one member; absent, or there but wrong (noted): nullopt/null.
    std::optional<std::string> text(std::string_view name, std::size_t most_bytes);
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
    std::optional<bool> boolean(std::string_view name);
    const boost::json::object* object(std::string_view name);
    const boost::json::array* array(std::string_view name);
    const boost::json::value* any(std::string_view name);
    std::optional<DeviceId> device(std::string_view name);
    std::vector<DeviceId> devices(std::string_view name);

    // A revision or version, from `least` on.
    std::optional<std::uint64_t> revision(std::string_view name, std::uint64_t least = 1);

    // The same, and absence is a mistake.
    std::string required_text(std::string_view name, std::size_t most_bytes);
    DeviceId required_device(std::string_view name);
    // A job's number; "42" as text is taken too, since topics and shells have only text.
    JobId required_job();
    std::optional<JobId> job();

    [[nodiscard]] bool has(std::string_view name) const { return object_.contains(name); }
    void mistake(std::string_view name, std::string message);
    // Takes over the mistakes of a part read with another Fields.
    void add(const Fields& part);

    // What was wrong, members that nobody read among it. Error: invalid.
    [[nodiscard]] Result<void> finish();
    // Like finish(), but the mistakes stay to be added to another Fields.
    void refuse_unread();

private:
    const boost::json::value* take(std::string_view name);
    const boost::json::value* required(std::string_view name);

    const boost::json::object& object_;
    std::string path_;
    std::set<std::string, std::less<>> read_;
    std::vector<ErrorDetail> mistakes_;
};

}  // namespace muster::api
