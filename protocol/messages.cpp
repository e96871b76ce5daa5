#include "protocol/messages.hpp"

namespace muster {

AckMeaning meaning(const Ack& ack) noexcept {
    if (ack.code == 202) {
        return AckMeaning::in_progress;
    }
    if (ack.code >= 200 && ack.code < 300) {
        return AckMeaning::completed;
    }
    if (ack.code >= 400 && ack.code < 500) {
        return AckMeaning::rejected;
    }
    if (ack.code == 503 && ack.after) {
        return AckMeaning::not_now;
    }
    return AckMeaning::device_error;
}

}  // namespace muster
