#include "daemon/cli/values.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <sstream>

namespace muster::cli {
namespace {

// A list of mistakes longer than this is a wrong file, not typing errors.
constexpr std::size_t kMostMistakes = 20;

Outcome<std::string> read_bounded_file(const std::string& path, std::string_view option) {
    std::ifstream file(path, std::ios::binary);
    std::string text(limits::kRequestBytes + 1, '\0');
    if (!file || !file.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) {
        return usage_failure(fmt::format("{} @{}: the file cannot be read, or is over {} bytes", option, path,
                                         limits::kRequestBytes));
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    const auto last = text.find_last_not_of(" \t\r");
    return first == std::string_view::npos ? std::string()
                                           : std::string(text.substr(first, last - first + 1));
}

std::vector<std::string> split_at(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) {
        parts.push_back(trimmed(part));
    }
    return parts;
}

// Seconds in one of the unit; 0: no such unit.
std::int64_t unit_seconds(char unit) {
    constexpr std::string_view kUnits = "smhd";
    constexpr std::int64_t kSeconds[] = {1, 60, 3600, 86'400};
    const auto at = kUnits.find(unit);
    return at == std::string_view::npos ? 0 : kSeconds[at];
}

}  // namespace

boost::json::value parse_value(std::string_view text) {
    auto parsed = parse_json(text, limits::kRequestBytes, limits::kJsonDepth);
    return parsed ? std::move(*parsed) : boost::json::value(text);
}

Outcome<std::pair<std::string, std::string>> parse_assignment(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        return usage_failure(fmt::format("\"{}\": expected NAME=VALUE, such as fanSpeed=3", text));
    }
    return std::pair(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
}

Outcome<Seconds> parse_duration(std::string_view text, std::string_view option) {
    const Failure wrong =
        usage_failure(fmt::format("{} {}: expected a duration such as 90s, 5m, 1h30m or 2d, at most {} days",
                                  option, text, limits::kTimeoutSeconds / 86'400));
    std::int64_t seconds = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        std::int64_t amount = 0;
        const auto [stop, error] = std::from_chars(at, end, amount);
        const std::int64_t unit = stop == end ? 1 : unit_seconds(*stop);
        const bool bare_after_unit = stop == end && at != text.data();
        if (error != std::errc() || amount < 0 || amount > limits::kTimeoutSeconds || unit == 0 ||
            bare_after_unit) {
            return wrong;
        }
        seconds += amount * unit;
        at = stop == end ? end : stop + 1;
    }
    if (seconds < 1 || seconds > limits::kTimeoutSeconds) {
        return wrong;
    }
    return Seconds(seconds);
}

Outcome<std::uint64_t> parse_count(std::string_view text, std::string_view option, std::uint64_t least,
                                   std::uint64_t most) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || value < least || value > most) {
        return usage_failure(
            fmt::format("{} {}: expected a whole number from {} to {}", option, text, least, most));
    }
    return value;
}

Outcome<JobId> parse_job(std::string_view text) {
    auto job = parse_job_id(text);
    if (!job) {
        return usage_failure(
            fmt::format("\"{}\" is no job number; `muster job list` shows the numbers", text));
    }
    return *job;
}

Outcome<std::vector<std::string>> read_devices(const std::vector<std::string>& texts,
                                               std::string_view option) {
    std::vector<std::string> ids;
    for (const std::string& text : texts) {
        const bool is_file = text.starts_with('@');
        const auto listed = is_file ? read_bounded_file(text.substr(1), option) : Outcome<std::string>(text);
        if (!listed) {
            return listed.error();
        }
        for (std::string& id : split_at(*listed, is_file ? '\n' : ',')) {
            if (!is_file || (!id.empty() && !id.starts_with('#'))) {
                ids.push_back(std::move(id));
            }
        }
    }
    std::vector<ErrorDetail> mistakes;
    for (const std::string& id : ids) {
        const auto parsed = DeviceId::parse(id);
        if (!parsed && mistakes.size() < kMostMistakes) {
            mistakes.push_back({id, parsed.error().message});
        }
    }
    if (!mistakes.empty() || ids.empty()) {
        return usage_failure(
            fmt::format("{}: {}", option,
                        ids.empty() ? "no device is named" : "not every entry is a device id"),
            std::move(mistakes));
    }
    return ids;
}

}  // namespace muster::cli
