// musterd that dies at a named moment:
//
//     musterd_failpoints POINT:VISIT:PAUSE NOTE [arguments of musterd]
//
// At that visit of the point it writes the point's name to the file NOTE, holds
// that thread up for PAUSE milliseconds, and kills itself. Exit codes: as musterd; 2 when POINT:VISIT:PAUSE
// is none; 3 when musterd ended well and the visit never came.
#include "tests/crash/failpoints.hpp"

#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Visit {
    muster::crash::Failpoint point;
    int number;
    std::chrono::milliseconds pause;
};

// "12", to the end. nullopt: it is no number.
std::optional<int> parse_number(std::string_view digits) {
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool whole = error == std::errc() && end == digits.data() + digits.size();
    return whole ? std::optional(number) : std::nullopt;
}

std::optional<Visit> parse_visit(std::string_view text) {
    const auto first = text.find(':');
    const auto second = text.find(':', first + 1);
    const auto point = muster::crash::failpoint_named(text.substr(0, first));
    if (!point || first == std::string_view::npos || second == std::string_view::npos) {
        return std::nullopt;
    }
    const auto number = parse_number(text.substr(first + 1, second - first - 1));
    const auto pause = parse_number(text.substr(second + 1));
    if (!number || *number < 1 || !pause || *pause < 0) {
        return std::nullopt;
    }
    return Visit{*point, *number, std::chrono::milliseconds(*pause)};
}

}  // namespace

int main(int count, char** values) {
    const auto visit = count < 3 ? std::nullopt : parse_visit(values[1]);
    if (!visit) {
        std::fprintf(stderr,
                     "usage: musterd_failpoints POINT:VISIT:PAUSE NOTE [arguments of musterd]; points:\n");
        for (const auto& row : muster::crash::failpoint_table()) {
            std::fprintf(stderr, "  %s\n", std::string(row.name).c_str());
        }
        return 2;
    }
    std::vector<const char*> arguments{values[0]};
    arguments.insert(arguments.end(), values + 3, values + count);
    muster::crash::Trigger trigger(visit->point, visit->number, visit->pause, values[2]);
    muster::crash::FailpointParts parts(trigger);
    const int code = muster::run_program(static_cast<int>(arguments.size()), arguments.data(), parts);
    if (code == 0 && trigger.visits() < visit->number) {
        std::fprintf(stderr, "musterd_failpoints: %s was visited %d times\n", values[1], trigger.visits());
        return 3;
    }
    return code;
}
