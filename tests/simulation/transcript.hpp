// What happened in a run, a line each, to be read by a person; and what broke.
//
// Threads: one.
#pragma once

#include "tests/simulation/schedule.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace muster::simulation {

// A rule that did not hold.
struct Violation {
    std::string rule;  // "a verdict never changes"
    std::string text;  // what was seen
};

class Transcript {
public:
    static constexpr std::size_t kMostViolations = 20;

    // `kept`: lines cost time, so only a run that is to be read keeps them.
    Transcript(const Schedule& schedule, bool kept) : schedule_(schedule), kept_(kept) {}

    template <typename... Values>
    void say(fmt::format_string<Values...> format, Values&&... values) {
        if (kept_) {
            add(fmt::format(format, std::forward<Values>(values)...));
        }
    }
    void violate(std::string rule, std::string text) {
        if (kept_) {
            add("VIOLATION: " + rule + ": " + text);
        }
        if (violations_.size() < kMostViolations) {
            violations_.push_back({std::move(rule), std::move(text)});
        }
    }

    [[nodiscard]] bool kept() const noexcept { return kept_; }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] const std::vector<Violation>& violations() const noexcept { return violations_; }

private:
    void add(const std::string& line) {
        const auto passed = schedule_.elapsed().count();
        text_ += fmt::format("[{:>6}.{:03}] {}\n", passed / 1000, passed % 1000, line);
    }

    const Schedule& schedule_;
    bool kept_;
    std::string text_;
    std::vector<Violation> violations_;
};

}  // namespace muster::simulation
