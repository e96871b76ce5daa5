// A hash set for a million entries that never grows all at once: it is many small
// ones, and only that which is full is moved to more room.
//
// `Hash` has to give well-mixed bits (std::hash of texts does) and to hash all that
// is looked up by; both it and `Equal` are transparent.
//
// Threads: one at a time.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>

#include <array>
#include <cstddef>

namespace muster::core {

template <class Value, class Hash, class Equal>
class ShardedSet {
public:
    using Shard = boost::unordered_flat_set<Value, Hash, Equal>;

    ShardedSet() : ShardedSet(Hash{}, Equal{}) {}
    ShardedSet(Hash hash, Equal equal) : hash_(hash) { shards_.fill(Shard{0, hash, equal}); }

    // nullptr: there is none.
    template <class Key>
    [[nodiscard]] const Value* find(const Key& key) const {
        const auto& shard = shards_[number_of(key)];
        const auto found = shard.find(key);
        return found == shard.end() ? nullptr : &*found;
    }
    // Where a value like `key` has its place.
    template <class Key>
    [[nodiscard]] Shard& shard_of(const Key& key) {
        return shards_[number_of(key)];
    }

    [[nodiscard]] std::size_t size() const noexcept {
        std::size_t sum = 0;
        for (const auto& shard : shards_) {
            sum += shard.size();
        }
        return sum;
    }

private:
    // 4,000 entries in each of them when there are a million.
    static constexpr std::size_t kShards = 256;

    template <class Key>
    [[nodiscard]] std::size_t number_of(const Key& key) const {
        return (hash_(key) >> 40U) % kShards;  // bits that a small shard does not look at
    }

    Hash hash_;
    std::array<Shard, kShards> shards_;
};

}  // namespace muster::core
