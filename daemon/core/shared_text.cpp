#include "daemon/core/shared_text.hpp"

#include "protocol/result.hpp"

#include <cstring>
#include <limits>
#include <new>

namespace muster::core {

SharedText::SharedText(std::string_view text) {
    if (text.empty()) {
        return;
    }
    MUSTER_INVARIANT(text.size() <= std::numeric_limits<std::uint32_t>::max());
    auto* memory = static_cast<std::byte*>(::operator new(sizeof(Block) + text.size()));
    block_ = ::new (memory) Block{1, static_cast<std::uint32_t>(text.size())};
    std::memcpy(memory + sizeof(Block), text.data(), text.size());
}

void SharedText::disown() noexcept {
    if (block_ != nullptr && block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        block_->~Block();
        ::operator delete(const_cast<Block*>(block_));
    }
}

}  // namespace muster::core
