#include "tests/storage/figures.hpp"

#include <fmt/format.h>

namespace muster::test {

std::uint64_t Figures::faults() const {
    std::uint64_t sum = 0;
    for (const auto& [kind, count] : faults_injected) {
        sum += count;
    }
    return sum;
}

std::string Figures::json(double seconds) const {
    std::string text = fmt::format("{{\n  \"faults_injected\": {},\n", faults());
    for (const auto& [kind, count] : faults_injected) {
        text += fmt::format("  \"faults_injected_{}\": {},\n", kind, count);
    }
    return text + fmt::format(
                      "  \"crashes\": {},\n  \"torn_writes\": {},\n  \"lost_tails\": {},\n"
                      "  \"commits_checked\": {},\n  \"violations\": {},\n  \"seconds\": {:.1f}\n}}\n",
                      crashes, torn_writes, lost_tails, commits_checked, violations.size(), seconds);
}

}  // namespace muster::test
