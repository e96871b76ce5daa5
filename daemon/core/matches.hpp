// Which devices pass a filter, remembered from one question to the next.
//
// A question may cost only so much (Effort), however many devices there are, for the
// engine waits while it is answered. So what a filter says of each device is kept:
// one bit that it is known, one that it passes. A change of the device makes it unknown;
// whoever asks pays for what is unknown, as far as the effort goes, and leaves the rest to
// the next question. Counts are exact when nothing is unknown, which for devices that
// change seldom is soon and stays so.
//
// The filters that were asked for last are kept, for each two bits a device; a change of
// a device costs each of them a few nanoseconds, and nothing if they do not look at it.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/query.hpp"
#include "daemon/core/registry.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace muster::core {

struct DeviceFilter {
    std::optional<std::string> template_name;
    std::optional<Query> query;
    std::string search;  // part of the id or the name, in any case

    [[nodiscard]] bool passes(const Device& device) const;
    // As far as can be told without the query.
    [[nodiscard]] bool names(const Device& device) const;
    // What it looks at.
    [[nodiscard]] Aspects aspects() const;
    // Filters of the same text are the same.
    [[nodiscard]] std::string text() const;
};

// What a question may still cost, in units of about a nanosecond of a small machine.
class Effort {
public:
    explicit Effort(std::int64_t most) : left_(most) {}
    // For what has to be known whole: a job that is run on all of a set.
    [[nodiscard]] static Effort boundless() { return Effort(std::numeric_limits<std::int64_t>::max()); }

    void spend(std::int64_t units) noexcept { left_ -= units; }
    [[nodiscard]] bool spent() const noexcept { return left_ <= 0; }
    // Half of what is left, for a part of the work; what that did not need comes back by join().
    [[nodiscard]] Effort split() noexcept { return Effort(std::exchange(left_, left_ - left_ / 2) / 2); }
    void join(const Effort& part) noexcept { left_ += part.left_; }

private:
    std::int64_t left_;
};

class Matches {
public:
    // Of no device anything is known yet; there are so many.
    Matches(DeviceFilter filter, std::size_t devices);

    // Whether the device passes; found out if need be.
    [[nodiscard]] bool contains(const Registry& registry, DeviceIndex index, Effort& effort);
    // Finds out what is unknown, as far as the effort goes. True: all is known.
    bool settle(const Registry& registry, Effort& effort);
    // So many are known to pass: all that do once it is settled.
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::size_t count_in(const DeviceBits& others) const { return passing_.common(others); }

    void note_new(DeviceIndex index);
    void note_change(DeviceIndex index, Aspects changed);
    void note_gone(DeviceIndex index);

private:
    // What the query said of the same values a moment ago, in the same question.
    struct Memo;

    [[nodiscard]] bool find_out(const Registry& registry, DeviceIndex index, Memo* memo, Effort& effort);
    [[nodiscard]] bool ask_query(const Device& device, Memo* memo, Effort& effort) const;
    [[nodiscard]] std::int64_t query_cost(const Device& device) const;
    void forget(DeviceIndex index);

    DeviceFilter filter_;
    Aspects aspects_;
    Aspects query_aspects_;
    std::int64_t query_cost_ = 0;  // of asking one device, but for taking its values apart
    DeviceBits known_;
    DeviceBits passing_;
    std::size_t count_ = 0;
    std::size_t unknown_;
    std::size_t first_word_ = 0;  // the words of known_ before it are full
};

class MatchCache {
public:
    // What is known of this filter; good until so many others were asked for (kKept).
    [[nodiscard]] Matches& of(const DeviceFilter& filter, const Registry& registry);

    void note_new(DeviceIndex index);
    void note_change(DeviceIndex index, Aspects changed);
    void note_gone(DeviceIndex index);

private:
    // A few people look at a few sets; two bits a device for each of them is half a
    // byte for two of these.
    static constexpr std::size_t kKept = 16;
    struct Kept {
        std::string filter;
        Matches matches;
    };

    std::vector<std::unique_ptr<Kept>> kept_;  // asked for last stands last
};

}  // namespace muster::core
