#include "daemon/core/text_pool.hpp"

#include <utility>

namespace muster::core {
namespace {

// But for the pool and the caller.
bool has_no_other_owner(const SharedText& text) {
    constexpr std::uint32_t kPoolAndCaller = 2;
    return text.owners() <= kPoolAndCaller;
}

}  // namespace

SharedText TextPool::keep(SharedText text) {
    if (text.empty()) {
        return text;
    }
    auto& shard = texts_.shard_of(text.view());
    if (const auto found = shard.find(text.view()); found != shard.end()) {
        return *found;
    }
    if (shard.size() == shard.max_load()) {
        boost::unordered::erase_if(shard, [](const SharedText& kept) { return kept.owners() == 1; });
    }
    shard.insert(text);
    return text;
}

void TextPool::drop(SharedText text) {
    if (text.empty()) {
        return;
    }
    if (has_no_other_owner(text)) {
        forget(text);
    } else {
        leaving_.push_back(std::move(text));
    }
    if (leaving_.size() > kLeaving) {
        const auto oldest = std::move(leaving_.front());
        leaving_.pop_front();
        if (has_no_other_owner(oldest)) {
            forget(oldest);
        }
    }
}

void TextPool::forget(const SharedText& text) {
    texts_.shard_of(text.view()).erase(text.view());
}

void share_texts(Device& device, TextPool& pool) {
    device.template_name = pool.keep(std::move(device.template_name));
    for (auto* values : {&device.tags, &device.properties, &device.settings, &device.reported}) {
        *values = Values::of(pool.keep(values->shared()));
    }
}

}  // namespace muster::core
