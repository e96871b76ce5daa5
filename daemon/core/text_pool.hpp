// The texts that the devices of a registry have, each in memory once.
//
// A text that no device has any more leaves the pool when drop() is told of it. If
// somebody else still held it at that moment (another device, or a change on its way to
// the disk), it is looked at again some thousand texts later; and if it was held even
// then, when its part of the pool is looked through, which is before it grows.
//
// Threads: one at a time. The texts themselves may be held on any thread.
#pragma once

#include "daemon/core/device.hpp"
#include "daemon/core/sharded_set.hpp"
#include "daemon/core/shared_text.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace muster::core {

// Of one kind of text.
template <class Text>
class Pool {
public:
    // The pool's text that is equal to it, which it becomes if there is none.
    [[nodiscard]] Text keep(Text text);
    // To be called with the last copy that the caller has.
    void drop(Text text);
    // If nobody has it but the pool and the caller.
    void forget_if_unused(const Text& text);

    [[nodiscard]] std::size_t size() const noexcept { return texts_.size(); }

private:
    // A text as it is found again though it may be gone.
    struct Trace {
        std::size_t hash;
        const void* place;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(const Text& text) const noexcept;
        std::size_t operator()(const Trace& trace) const noexcept { return trace.hash; }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const Text& a, const Text& b) const noexcept { return a == b; }
        bool operator()(const Trace& a, const Text& b) const noexcept { return a.place == b.place(); }
        bool operator()(const Text& a, const Trace& b) const noexcept { return (*this)(b, a); }
    };
    using Texts = ShardedSet<Text, Hash, Equal>;

    // More than changes can wait for their rows in the store, with a text or two for each.
    static constexpr std::size_t kLeaving = 8'192;
    Texts texts_;
    std::deque<Trace> leaving_;  // dropped while others held them, oldest first
};

class TextPool {
public:
    // As in Pool.
    [[nodiscard]] SharedText keep(SharedText text) { return texts_.keep(std::move(text)); }
    void drop(SharedText text) { texts_.drop(std::move(text)); }
    // Its names are shared as well.
    [[nodiscard]] Values keep(const Values& values);
    void drop(Values values);

    [[nodiscard]] std::size_t size() const noexcept { return texts_.size() + values_.size(); }

private:
    Pool<SharedText> texts_;
    Pool<Values::Packed> values_;
};

// All texts of the device become those of the pool, but for its id and name, which are its own.
void share_texts(Device& device, TextPool& pool);

}  // namespace muster::core
