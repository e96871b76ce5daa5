// musterd that dies at a named moment:
//
//     musterd_failpoints POINT:VISIT NOTE [arguments of musterd]
//
// It kills itself at that visit of the point, after writing the point's name to
// the file NOTE. Exit codes: as musterd; 2 when POINT:VISIT is none; 3 when musterd
// ended well and the visit never came.
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
};

std::optional<Visit> parse_visit(std::string_view text) {
    const auto colon = text.find(':');
    const auto point = muster::crash::failpoint_named(text.substr(0, colon));
    if (!point || colon == std::string_view::npos) {
        return std::nullopt;
    }
    const auto digits = text.substr(colon + 1);
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || number < 1) {
        return std::nullopt;
    }
    return Visit{*point, number};
}

}  // namespace

int main(int count, char** values) {
    const auto visit = count < 3 ? std::nullopt : parse_visit(values[1]);
    if (!visit) {
        std::fprintf(stderr, "usage: musterd_failpoints POINT:VISIT NOTE [arguments of musterd]; points:\n");
        for (const auto& row : muster::crash::failpoint_table()) {
            std::fprintf(stderr, "  %s\n", std::string(row.name).c_str());
        }
        return 2;
    }
    std::vector<const char*> arguments{values[0]};
    arguments.insert(arguments.end(), values + 3, values + count);
    muster::crash::Trigger trigger(visit->point, visit->number, values[2]);
    muster::crash::FailpointParts parts(trigger);
    const int code = muster::run_program(static_cast<int>(arguments.size()), arguments.data(), parts);
    if (code == 0 && trigger.visits() < visit->number) {
        std::fprintf(stderr, "musterd_failpoints: %s was visited %d times\n", values[1], trigger.visits());
        return 3;
    }
    return code;
}
