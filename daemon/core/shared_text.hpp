// A text that never changes, behind one pointer: copies share it. Most devices of
// a fleet have the same template, tags and settings as thousands of others, and
// with a pool (text_pool.hpp) each of those texts is there once.
//
// Threads: a plain value; copies of one text may live and die on any threads.
#pragma once

#include "protocol/result.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace muster::core {

struct NoHead {
    friend bool operator==(NoHead, NoHead) = default;
};

// A text with something before it, `Head`, which belongs to what it says.
template <class Head>
class HeadedText {
public:
    HeadedText() noexcept = default;  // "", without a head
    explicit HeadedText(std::string_view text) : HeadedText(Head{}, text) {}
    HeadedText(Head head, std::string_view text);
    HeadedText(const HeadedText& other) noexcept : block_(other.block_) { own(); }
    HeadedText(HeadedText&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    ~HeadedText() { disown(); }

    HeadedText& operator=(const HeadedText& other) noexcept {
        HeadedText copy(other);
        std::swap(block_, copy.block_);
        return *this;
    }
    HeadedText& operator=(HeadedText&& other) noexcept {
        std::swap(block_, other.block_);
        return *this;
    }
    HeadedText& operator=(std::string_view text) { return *this = HeadedText(text); }

    [[nodiscard]] std::string_view view() const noexcept {
        return block_ == nullptr ? std::string_view()
                                 : std::string_view(reinterpret_cast<const char*>(block_ + 1), block_->size);
    }
    operator std::string_view() const noexcept { return view(); }
    // Of a text that is not empty.
    [[nodiscard]] const Head& head() const noexcept { return block_->head; }
    [[nodiscard]] bool empty() const noexcept { return block_ == nullptr; }
    [[nodiscard]] std::size_t size() const noexcept { return view().size(); }

    // The same text in the same place. Equal texts of one pool always are.
    [[nodiscard]] bool is(const HeadedText& other) const noexcept { return block_ == other.block_; }
    // Where it is, as a name for the text while anybody holds it; nullptr: "".
    [[nodiscard]] const void* place() const noexcept { return block_; }
    // How many copies there are at the moment, this one too. Only a 1 is sure to stay true,
    // since nobody else has one to copy.
    [[nodiscard]] std::uint32_t owners() const noexcept {
        return block_ == nullptr ? 1 : block_->owners.load(std::memory_order_acquire);
    }

    friend bool operator==(const HeadedText& a, const HeadedText& b) noexcept {
        return a.is(b) || (!a.empty() && !b.empty() && a.view() == b.view() && a.head() == b.head());
    }
    friend bool operator==(const HeadedText& a, std::string_view b) noexcept { return a.view() == b; }

private:
    // The text stands right behind it.
    struct Block {
        mutable std::atomic<std::uint32_t> owners;
        std::uint32_t size;
        [[no_unique_address]] Head head;
    };

    void own() const noexcept {
        if (block_ != nullptr) {
            block_->owners.fetch_add(1, std::memory_order_relaxed);
        }
    }
    void disown() noexcept {
        if (block_ != nullptr && block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            block_->~Block();
            ::operator delete(const_cast<Block*>(block_));
        }
    }

    const Block* block_ = nullptr;  // nullptr: ""
};

template <class Head>
HeadedText<Head>::HeadedText(Head head, std::string_view text) {
    if (text.empty()) {
        return;
    }
    MUSTER_INVARIANT(text.size() <= std::numeric_limits<std::uint32_t>::max());
    auto* memory = static_cast<std::byte*>(::operator new(sizeof(Block) + text.size()));
    block_ = ::new (memory) Block{1, static_cast<std::uint32_t>(text.size()), std::move(head)};
    std::memcpy(memory + sizeof(Block), text.data(), text.size());
}

using SharedText = HeadedText<NoHead>;

inline std::string to_string(const SharedText& text) {
    return std::string(text.view());
}

}  // namespace muster::core
