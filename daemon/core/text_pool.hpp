// The texts that the devices of a registry have, each in memory once.
//
// A text that no device has any more leaves the pool when drop() is told of it. If
// somebody else still held it at that moment (a change on its way to the disk), it
// leaves some thousand texts later; and if it was held even then, when its part of the
// pool is next looked through, which is before it grows.
//
// Threads: one at a time. The texts themselves may be held on any thread.
#pragma once

#include "daemon/core/device.hpp"
#include "daemon/core/sharded_set.hpp"
#include "daemon/core/shared_text.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <string_view>

namespace muster::core {

class TextPool {
public:
    // The pool's text that is equal to it, which it becomes if there is none.
    [[nodiscard]] SharedText keep(SharedText text);
    // To be called with the last copy that the caller has.
    void drop(SharedText text);

    [[nodiscard]] std::size_t size() const noexcept { return texts_.size(); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
        std::size_t operator()(const SharedText& text) const noexcept { return (*this)(text.view()); }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(std::string_view a, std::string_view b) const noexcept { return a == b; }
    };
    using Texts = ShardedSet<SharedText, Hash, Equal>;

    void forget(const SharedText& text);

    // More than changes can wait for their rows in the store, with a text or two for each.
    static constexpr std::size_t kLeaving = 8'192;
    Texts texts_;
    std::deque<SharedText> leaving_;  // dropped while others held them, oldest first
};

// All texts of the device become those of the pool, but for its id and name, which are its own.
void share_texts(Device& device, TextPool& pool);

}  // namespace muster::core
