// The texts that the devices of a registry have, each in memory once.
//
// A text that no device has any more leaves the pool when drop() is told of it; if
// somebody else still held it at that moment (a change on its way to the disk), when
// its part of the pool is next looked through, which is before it grows.
//
// Threads: one at a time. The texts themselves may be held on any thread.
#pragma once

#include "daemon/core/device.hpp"
#include "daemon/core/sharded_set.hpp"
#include "daemon/core/shared_text.hpp"

#include <cstddef>
#include <functional>
#include <string_view>

namespace muster::core {

class TextPool {
public:
    // The pool's text that is equal to it, which it becomes if there is none.
    [[nodiscard]] SharedText keep(SharedText text);
    // To be called with the last copy that the caller has: if nobody has another, it is gone.
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

    Texts texts_;
};

// All texts of the device but its id become those of the pool.
void share_texts(Device& device, TextPool& pool);

}  // namespace muster::core
