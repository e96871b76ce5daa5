// How much is logged of what others can cause as often as they like: so many
// lines of each source (a device, a user) and so many in all within a window of
// time; the rest is counted. A noisy source does not silence the others until
// very many are noisy, and how many sources there are does not matter: no more
// are remembered than had a line in the window.
//
// Threads: one.
#pragma once

#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace muster::runtime {

class LogLimiter {
public:
    struct Limits {
        Milliseconds window{10'000};
        std::uint64_t of_source = 5;
        std::uint64_t in_all = 100;
    };
    // What was not logged in a window that is over.
    struct Suppressed {
        std::uint64_t lines = 0;
        std::string noisiest;  // source with the most of them; empty: none was remembered
        std::uint64_t of_noisiest = 0;
    };

    LogLimiter() : LogLimiter(Limits{}) {}
    explicit LogLimiter(Limits limits) : limits_(limits) {}

    // Whether a line about `source` may be written now.
    [[nodiscard]] bool admit(TimePoint now, std::string_view source);
    // What was suppressed in windows that are over, and was not taken yet.
    [[nodiscard]] std::optional<Suppressed> take_suppressed(TimePoint now);
    // When take_suppressed() will have something; nullopt: nothing was suppressed.
    [[nodiscard]] std::optional<TimePoint> due() const;
    // Since the start.
    [[nodiscard]] std::uint64_t suppressed() const noexcept { return suppressed_; }

private:
    struct Count {
        std::uint64_t lines = 0;
        std::uint64_t suppressed = 0;
    };

    void close_window(TimePoint now);

    Limits limits_;
    std::optional<TimePoint> end_;  // of the window; none: none is open
    std::uint64_t lines_ = 0;       // in this window
    std::uint64_t suppressed_in_window_ = 0;
    std::map<std::string, Count, std::less<>> sources_;  // at most limits_.in_all
    std::optional<Suppressed> over_;                     // in windows that are over
    std::uint64_t suppressed_ = 0;
};

}  // namespace muster::runtime
