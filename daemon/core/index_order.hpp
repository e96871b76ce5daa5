// Devices in some order: an array in pieces, so that putting one in or taking one
// out of a million moves a few hundred numbers. Four to eight bytes a device.
//
// What the order is, is the caller's: each call is given a predicate that says
// whether a device stands before the place that is meant. It has to be true for the
// devices up to that place and false from there on.
//
// Threads: one at a time.
#pragma once

#include "daemon/core/device_index.hpp"
#include "protocol/result.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace muster::core {

class IndexOrder {
public:
    // Between two devices, or at an end; good until the order changes.
    struct Place {
        std::size_t piece = 0;
        std::size_t at = 0;
    };

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    template <class Before>
    [[nodiscard]] Place find(Before before) const {
        if (pieces_.empty()) {
            return {};
        }
        const auto begins_before = [&](const auto& piece) { return before(piece->items.front()); };
        const auto found = std::partition_point(pieces_.begin() + 1, pieces_.end(), begins_before) - 1;
        const auto items = (*found)->all();
        const auto at = std::partition_point(items.begin(), items.end(), before) - items.begin();
        return {static_cast<std::size_t>(found - pieces_.begin()), static_cast<std::size_t>(at)};
    }

    template <class Before>
    void insert(DeviceIndex index, Before before) {
        ++size_;
        // Most of what comes, comes last: a fleet that is loaded, a device that came just now.
        const auto last = pieces_.empty() || before(pieces_.back()->all().back());
        if (last && (pieces_.empty() || pieces_.back()->size == kPiece)) {
            pieces_.push_back(std::make_unique<Piece>());
        }
        auto place = last ? Place{pieces_.size() - 1, pieces_.back()->size} : find(before);
        if (pieces_[place.piece]->size == kPiece) {
            split(place);
        }
        auto& piece = *pieces_[place.piece];
        const auto at = piece.items.begin() + place.at;
        std::copy_backward(at, piece.items.begin() + piece.size, piece.items.begin() + piece.size + 1);
        *at = index;
        ++piece.size;
    }

    // `index` has to stand right behind the place.
    template <class Before>
    void erase(DeviceIndex index, Before before) {
        auto place = find(before);
        if (place.at == pieces_[place.piece]->size) {
            place = {place.piece + 1, 0};
        }
        auto& piece = *pieces_[place.piece];
        const auto at = piece.items.begin() + place.at;
        MUSTER_INVARIANT(*at == index);
        std::copy(at + 1, piece.items.begin() + piece.size, at);
        --piece.size;
        --size_;
        join(place.piece);
    }

    // Visits what stands behind the place, in order, until `visit` returns false.
    template <class Visit>
    void forward(Place from, Visit visit) const {
        for (auto piece = from.piece; piece < pieces_.size(); ++piece) {
            const auto items = pieces_[piece]->all();
            for (auto at = piece == from.piece ? from.at : 0; at < items.size(); ++at) {
                if (!visit(items[at])) {
                    return;
                }
            }
        }
    }
    // Visits what stands before the place, the nearest first.
    template <class Visit>
    void backward(Place from, Visit visit) const {
        for (auto piece = std::min(from.piece + 1, pieces_.size()); piece-- > 0;) {
            const auto items = pieces_[piece]->all();
            for (auto at = piece == from.piece ? from.at : items.size(); at-- > 0;) {
                if (!visit(items[at])) {
                    return;
                }
            }
        }
    }
    [[nodiscard]] Place end() const noexcept { return {pieces_.size(), 0}; }
    // How many stand between two places, the first being the earlier.
    [[nodiscard]] std::size_t between(Place first, Place last) const noexcept {
        auto sum = last.at;
        for (auto piece = first.piece; piece < std::min(last.piece, pieces_.size()); ++piece) {
            sum += pieces_[piece]->size;
        }
        return sum - first.at;
    }

    // These alone, in this order.
    void assign(std::span<const DeviceIndex> sorted) {
        pieces_.clear();
        size_ = sorted.size();
        for (std::size_t i = 0; i < sorted.size(); i += kPiece) {
            const auto some = sorted.subspan(i, std::min(kPiece, sorted.size() - i));
            auto& piece = *pieces_.emplace_back(std::make_unique<Piece>());
            std::ranges::copy(some, piece.items.begin());
            piece.size = static_cast<std::uint32_t>(some.size());
        }
    }

private:
    static constexpr std::size_t kPiece = 255;
    struct Piece {
        [[nodiscard]] std::span<const DeviceIndex> all() const { return {items.data(), size}; }

        std::uint32_t size = 0;
        std::array<DeviceIndex, kPiece> items{};
    };

    // Makes room in a full piece: half of it becomes the next one.
    void split(Place& place) {
        constexpr auto kHalf = kPiece / 2;
        auto& piece = *pieces_[place.piece];
        auto next = std::make_unique<Piece>();
        std::copy(piece.items.begin() + kHalf, piece.items.end(), next->items.begin());
        next->size = kPiece - kHalf;
        piece.size = kHalf;
        pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(place.piece) + 1, std::move(next));
        if (place.at > kHalf) {
            place = {place.piece + 1, place.at - kHalf};
        }
    }
    // What two pieces hold that fits well into one.
    void join(std::size_t at) {
        const auto left = at + 1 < pieces_.size() ? at : at == 0 ? 0 : at - 1;
        const auto alone = left + 1 >= pieces_.size();
        auto& piece = *pieces_[left];
        const auto beside = alone ? std::size_t{0} : pieces_[left + 1]->size;
        if (piece.size > 0 && (alone || (beside > 0 && piece.size + beside > kPiece / 2))) {
            return;
        }
        if (!alone) {
            const auto next = pieces_[left + 1]->all();
            std::ranges::copy(next, piece.items.begin() + piece.size);
            piece.size += static_cast<std::uint32_t>(next.size());
        }
        pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(alone ? left : left + 1));
    }

    std::vector<std::unique_ptr<Piece>> pieces_;  // none of them is empty
    std::size_t size_ = 0;
};

}  // namespace muster::core
