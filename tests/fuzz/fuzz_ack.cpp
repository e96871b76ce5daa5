// Acks of devices, as JSON and as text (SPEC 5.1, 5.2).
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

namespace muster::fuzz {
namespace {

void require_limits(const Ack& ack) {
    require(!ack.id.empty() && ack.id.size() <= limits::kOperationIdLength, "the id keeps its limit");
    require((ack.code >= 200 && ack.code <= 299) || (ack.code >= 400 && ack.code <= 599),
            "the code is one of SPEC 5.3");
    require(ack.message.size() <= limits::kAckMessageBytes && is_text(ack.message),
            "the message is text within its limit");
    require(!ack.progress || (*ack.progress >= 0 && *ack.progress <= 100), "progress is a percentage");
    require(!ack.after || (*ack.after >= 1 && *ack.after <= limits::kTimeoutSeconds),
            "after keeps its limit");
}

bool equal(const Ack& a, const Ack& b) {
    return a.id == b.id && a.code == b.code && a.message == b.message && a.progress == b.progress &&
           a.after == b.after && a.value == b.value;
}

}  // namespace

void fuzz_ack(Input input) {
    const auto ack = decode_ack(text_of(input));
    if (!ack) {
        require_good(ack.error());
        return;
    }
    require(input.size() <= limits::kAckBytes, "an ack over its limit is refused");
    require_limits(*ack);
    static_cast<void>(meaning(*ack));
    const auto written = encode(*ack);
    if (written.size() <= limits::kAckBytes) {
        const auto again = decode_ack(written);
        require(again.has_value() && equal(*ack, *again),
                "what was read is written so that it reads the same");
        require(encode(*again) == written, "there is one way to write an ack");
    }
    if (const auto id = parse_operation_id(ack->id)) {
        require(to_string(*id) == ack->id, "an operation id has one spelling");
    }
}

}  // namespace muster::fuzz
