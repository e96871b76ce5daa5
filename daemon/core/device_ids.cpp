#include "daemon/core/device_ids.hpp"

#include <algorithm>

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
