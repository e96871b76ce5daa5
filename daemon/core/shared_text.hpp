// A text that never changes, behind one pointer: copies share it. Most devices of
// a fleet have the same template, tags and settings as thousands of others, and
// with a pool (text_pool.hpp) each of those texts is there once.
//
// Threads: a plain value; copies of one text may live and die on any threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace muster::core {

class SharedText {
public:
    SharedText() noexcept = default;  // ""
    explicit SharedText(std::string_view text);
    SharedText(const SharedText& other) noexcept : block_(other.block_) { own(); }
    SharedText(SharedText&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    ~SharedText() { disown(); }

    SharedText& operator=(const SharedText& other) noexcept {
        SharedText copy(other);
        std::swap(block_, copy.block_);
        return *this;
    }
    SharedText& operator=(SharedText&& other) noexcept {
        std::swap(block_, other.block_);
        return *this;
    }
    SharedText& operator=(std::string_view text) { return *this = SharedText(text); }

    [[nodiscard]] std::string_view view() const noexcept;
    operator std::string_view() const noexcept { return view(); }
    [[nodiscard]] bool empty() const noexcept { return block_ == nullptr; }
    [[nodiscard]] std::size_t size() const noexcept { return view().size(); }

    // The same text in the same place. Equal texts of one pool always are.
    [[nodiscard]] bool is(const SharedText& other) const noexcept { return block_ == other.block_; }
    // Where it is, as a name for the text while anybody holds it; nullptr: "".
    [[nodiscard]] const void* place() const noexcept { return block_; }
    // How many copies there are at the moment, this one too. Only a 1 is sure to stay true,
    // since nobody else has one to copy.
    [[nodiscard]] std::uint32_t owners() const noexcept;

    friend bool operator==(const SharedText& a, const SharedText& b) noexcept {
        return a.is(b) || a.view() == b.view();
    }
    friend bool operator==(const SharedText& a, std::string_view b) noexcept { return a.view() == b; }

private:
    // The text stands right behind it.
    struct Block {
        mutable std::atomic<std::uint32_t> owners;
        std::uint32_t size;
    };

    void own() const noexcept;
    void disown() noexcept;

    const Block* block_ = nullptr;  // nullptr: ""
};

inline std::string_view SharedText::view() const noexcept {
    return block_ == nullptr ? std::string_view()
                             : std::string_view(reinterpret_cast<const char*>(block_ + 1), block_->size);
}

inline std::uint32_t SharedText::owners() const noexcept {
    return block_ == nullptr ? 1 : block_->owners.load(std::memory_order_acquire);
}

inline void SharedText::own() const noexcept {
    if (block_ != nullptr) {
        block_->owners.fetch_add(1, std::memory_order_relaxed);
    }
}

inline std::string to_string(const SharedText& text) {
    return std::string(text.view());
}

}  // namespace muster::core
