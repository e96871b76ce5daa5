// How often each operation id was received, executed and acknowledged: the
// simulator's own account, which tests hold against the daemon's.
//
// About 45 bytes an operation, so that a job on a million devices fits.
//
// Threads: owned by one thread.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace muster::sim {

class OperationTally {
public:
    struct Counts {
        std::uint16_t received = 0;  // these stay at their largest value
        std::uint16_t executed = 0;
        std::uint16_t acked = 0;
    };
    using Index = std::uint32_t;

    static constexpr std::size_t kMostOperations = 20'000'000;
    static constexpr Index kNone = std::numeric_limits<Index>::max();

    OperationTally() : indices_(0, Hash{this}, Equal{this}) {}
    OperationTally(const OperationTally&) = delete;
    OperationTally& operator=(const OperationTally&) = delete;

    // The place of this id, new or known. kNone when the tally is full, or the
    // id is longer than an operation id can be.
    [[nodiscard]] Index at(std::string_view id);
    // kNone is allowed and counts nothing.
    void count_received(Index index) noexcept { count(index, &Counts::received); }
    void count_executed(Index index) noexcept { count(index, &Counts::executed); }
    void count_acked(Index index) noexcept { count(index, &Counts::acked); }

    // In the order in which they were first seen.
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::string_view id(Index index) const noexcept;
    [[nodiscard]] const Counts& counts(Index index) const noexcept { return entries_[index].counts; }

private:
    struct Entry {
        std::uint32_t text;  // where the id begins in texts_
        std::uint8_t length;
        Counts counts;
    };
    struct Hash {
        using is_transparent = void;
        const OperationTally* tally;
        std::size_t operator()(std::string_view id) const noexcept;
        std::size_t operator()(Index index) const noexcept { return (*this)(tally->id(index)); }
    };
    struct Equal {
        using is_transparent = void;
        const OperationTally* tally;
        bool operator()(Index left, Index right) const noexcept { return left == right; }
        bool operator()(Index left, std::string_view right) const noexcept {
            return tally->id(left) == right;
        }
        bool operator()(std::string_view left, Index right) const noexcept {
            return left == tally->id(right);
        }
    };

    void count(Index index, std::uint16_t Counts::*which) noexcept;

    std::vector<char> texts_;
    std::vector<Entry> entries_;
    boost::unordered_flat_set<Index, Hash, Equal> indices_;
};

}  // namespace muster::sim
