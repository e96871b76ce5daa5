#include "daemon/core/text_pool.hpp"

#include <bit>
#include <string_view>
#include <type_traits>
#include <utility>

namespace muster::core {
namespace {

std::size_t hash_of(std::string_view text) noexcept {
    return std::hash<std::string_view>{}(text);
}

// But for the pool and the caller.
template <class Text>
bool has_no_other_owner(const Text& text) {
    constexpr std::uint32_t kPoolAndCaller = 2;
    return text.owners() <= kPoolAndCaller;
}

}  // namespace

template <class Text>
std::size_t Pool<Text>::Hash::operator()(const Text& text) const noexcept {
    if constexpr (std::is_same_v<Text, Values::Packed>) {
        return hash_of(text.view()) ^ std::rotl(hash_of(text.head().view()), 1);
    } else {
        return hash_of(text.view());
    }
}

template <class Text>
Text Pool<Text>::keep(Text text) {
    if (text.empty()) {
        return text;
    }
    auto& shard = texts_.shard_of(text);
    if (const auto found = shard.find(text); found != shard.end()) {
        return *found;
    }
    if (shard.size() == shard.max_load()) {
        boost::unordered::erase_if(shard, [](const Text& kept) { return kept.owners() == 1; });
    }
    shard.insert(text);
    return text;
}

template <class Text>
void Pool<Text>::drop(Text text) {
    if (text.empty()) {
        return;
    }
    if (has_no_other_owner(text)) {
        forget_if_unused(text);
        return;
    }
    leaving_.push_back({Hash{}(text), text.place()});
    if (leaving_.size() <= kLeaving) {
        return;
    }
    auto& shard = texts_.shard_of(leaving_.front());
    if (const auto oldest = shard.find(leaving_.front()); oldest != shard.end() && oldest->owners() == 1) {
        shard.erase(oldest);
    }
    leaving_.pop_front();
}

template <class Text>
void Pool<Text>::forget_if_unused(const Text& text) {
    if (has_no_other_owner(text)) {
        texts_.shard_of(text).erase(text);
    }
}

template class Pool<SharedText>;
template class Pool<Values::Packed>;

Values TextPool::keep(const Values& values) {
    if (values.empty()) {
        return values;
    }
    const auto& packed = values.packed();
    auto names = texts_.keep(packed.head());
    return Values::of(
        values_.keep(names.is(packed.head()) ? packed : Values::Packed(std::move(names), packed.view())));
}

void TextPool::drop(Values values) {
    if (!values.empty()) {
        auto names = values.packed().head();
        auto packed = values.packed();
        values = Values();
        values_.drop(std::move(packed));
        texts_.drop(std::move(names));
    }
}

void share_texts(Device& device, TextPool& pool) {
    device.template_name = pool.keep(std::move(device.template_name));
    for (auto* values : {&device.tags, &device.properties, &device.settings, &device.reported}) {
        *values = pool.keep(*values);
    }
}

}  // namespace muster::core
