#include "daemon/core/text_pool.hpp"

#include <utility>

namespace muster::core {

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
    constexpr std::uint32_t kPoolAndCaller = 2;
    if (!text.empty() && text.owners() == kPoolAndCaller) {
        texts_.shard_of(text.view()).erase(text.view());
    }
}

void share_texts(Device& device, TextPool& pool) {
    for (auto* text : {&device.template_name, &device.name}) {
        *text = pool.keep(std::move(*text));
    }
    for (auto* values : {&device.tags, &device.properties, &device.settings, &device.reported}) {
        *values = Values::of(pool.keep(values->shared()));
    }
}

}  // namespace muster::core
