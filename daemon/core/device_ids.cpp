#include "daemon/core/device_ids.hpp"

#include <algorithm>
#include <cstdint>

namespace muster::core {

void DeviceIds::add(const DeviceId& id) {
    const std::string& text = id.text();
    const auto [differs, end] = std::ranges::mismatch(text, last_);
    const auto shared = static_cast<std::size_t>(differs - text.begin());
    coded_ += static_cast<char>(shared);  // an id has at most 64 bytes
    coded_ += static_cast<char>(text.size() - shared);
    coded_.append(text, shared);
    last_ = text;
    ++size_;
}

std::optional<DeviceIds> DeviceIds::decode(std::string_view coded) {
    DeviceIds ids;
    while (!coded.empty()) {
        const auto shared = static_cast<std::uint8_t>(coded[0]);
        const auto length = coded.size() > 1 ? static_cast<std::uint8_t>(coded[1]) : 0U;
        if (coded.size() < 2U + length || shared > ids.last_.size()) {
            return std::nullopt;
        }
        const auto id = DeviceId::parse(ids.last_.substr(0, shared).append(coded.substr(2, length)));
        if (!id) {
            return std::nullopt;
        }
        ids.add(*id);
        coded.remove_prefix(2U + length);
    }
    return ids;
}

DeviceIds::Iterator& DeviceIds::Iterator::operator++() {
    --left_;
    read();
    return *this;
}

void DeviceIds::Iterator::read() {
    if (left_ == 0) {
        return;
    }
    const auto shared = static_cast<std::size_t>(coded_[0]);
    const auto length = static_cast<std::size_t>(coded_[1]);
    id_.resize(shared);
    id_.append(coded_.substr(2, length));
    coded_.remove_prefix(2 + length);
}

}  // namespace muster::core
