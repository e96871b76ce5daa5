#include "protocol/time.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace muster {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;

bool has_shape(std::string_view text, std::string_view shape) {
    if (text.size() != shape.size()) {
        return false;
    }
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == '0' ? !digit : text[i] != shape[i]) {
            return false;
        }
    }
    return true;
}

int digits(std::string_view text) {
    int number = 0;
    for (const char c : text) {
        number = number * 10 + (c - '0');
    }
    return number;
}

void put_digits(std::string& text, std::size_t at, std::size_t width, std::int64_t number) {
    for (auto place = at + width; place > at; number /= 10) {
        text[--place] = static_cast<char>('0' + number % 10);
    }
}

// Of a year that has no four digits.
std::string format_far_utc(const std::chrono::year_month_day& date,
                           const std::chrono::hh_mm_ss<Milliseconds>& clock) {
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

}  // namespace

// Three of these stand in each row of a list or a CSV: digits are put where they belong.
std::string format_utc(TimePoint time) {
    const auto day = floor<days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    const auto year = static_cast<int>(date.year());
    if (year < 0 || year > 9999) {
        return format_far_utc(date, clock);
    }
    std::string text = "0000-00-00T00:00:00.000Z";
    put_digits(text, 0, 4, year);
    put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
    put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
    put_digits(text, 11, 2, clock.hours().count());
    put_digits(text, 14, 2, clock.minutes().count());
    put_digits(text, 17, 2, clock.seconds().count());
    put_digits(text, 20, 3, clock.subseconds().count());
    return text;
}

Result<TimePoint> parse_utc(std::string_view text) {
    const bool fraction = has_shape(text, "0000-00-00T00:00:00.000Z");
    if (!fraction && !has_shape(text, "0000-00-00T00:00:00Z")) {
        return make_error(ErrorCode::invalid, "not a time such as 2026-11-22T21:22:32.123Z");
    }
    const auto number = [text](std::size_t at, std::size_t length) {
        return digits(text.substr(at, length));
    };
    const std::chrono::year_month_day date{std::chrono::year{number(0, 4)},
                                           std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                           std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    const int hour = number(11, 2);
    const int minute = number(14, 2);
    const int second = number(17, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) {
        return make_error(ErrorCode::invalid, fmt::format("{} is not a day and time that exist", text));
    }
    const int milliseconds = fraction ? number(20, 3) : 0;
    return TimePoint{std::chrono::sys_days{date}} + hours{hour} + minutes{minute} + Seconds{second} +
           Milliseconds{milliseconds};
}

std::string format_duration(Milliseconds duration) {
    struct Unit {
        std::int64_t milliseconds;
        std::string_view name;
    };
    static constexpr std::array<Unit, 4> kUnits{
        {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "min"}, {1'000, "s"}}};

    const std::int64_t total = duration.count() < 0 ? 0 : duration.count();
    for (std::size_t i = 0; i < kUnits.size(); ++i) {
        const Unit& unit = kUnits.at(i);
        if (total < unit.milliseconds) {
            continue;
        }
        std::string text = fmt::format("{} {}", total / unit.milliseconds, unit.name);
        if (i + 1 < kUnits.size()) {
            const Unit& next = kUnits.at(i + 1);
            const std::int64_t rest = total % unit.milliseconds / next.milliseconds;
            text += rest == 0 ? "" : fmt::format(" {} {}", rest, next.name);
        }
        return text;
    }
    return fmt::format("{} ms", total);
}

}  // namespace muster
