#include "daemon/cli/when.hpp"

#include "daemon/cli/fields.hpp"

#include <fmt/format.h>

#include <chrono>

namespace muster::cli {

std::string relative(TimePoint now, TimePoint time) {
    using namespace std::chrono;
    const bool past = time <= now;
    const auto away = past ? now - time : time - now;
    if (away > days(30)) {
        return format_utc(time).substr(0, 10);
    }
    if (away < seconds(2)) {
        return "just now";
    }
    std::string amount;
    if (away < minutes(1)) {
        amount = fmt::format("{} s", duration_cast<seconds>(away).count());
    } else if (away < hours(1)) {
        amount = fmt::format("{} min", duration_cast<minutes>(away).count());
    } else if (away < days(2)) {
        amount = fmt::format("{} h", duration_cast<hours>(away).count());
    } else {
        amount = fmt::format("{} d", duration_cast<days>(away).count());
    }
    return past ? amount + " ago" : "in " + amount;
}

std::string relative_of(TimePoint now, const boost::json::object& object, std::string_view name) {
    const std::string text = text_of(object, name);
    const auto time = parse_utc(text);
    return time ? relative(now, *time) : text;
}

}  // namespace muster::cli
