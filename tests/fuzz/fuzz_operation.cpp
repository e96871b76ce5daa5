// Operation messages, as a device reads them (SPEC 4.2).
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

namespace muster::fuzz {
namespace {

bool equal(const OperationMessage& a, const OperationMessage& b) {
    return a.id == b.id && a.kind == b.kind && a.command == b.command && a.values == b.values &&
           a.expires == b.expires;
}

}  // namespace

void fuzz_operation(Input input) {
    const auto message = decode_operation(text_of(input));
    if (!message) {
        require_good(message.error());
        return;
    }
    require(input.size() <= limits::kOperationBytes, "a message over its limit is refused");
    require(message->kind == OperationKind::call || !message->values.empty(), "set and write set something");
    require((message->kind == OperationKind::call) == !message->command.empty(), "only call names a command");
    const auto written = encode(*message);
    require(written.starts_with(R"({"id":")" + message->id), "the id comes first (SPEC 4.2)");
    if (written.size() <= limits::kOperationBytes) {
        const auto again = decode_operation(written);
        require(again.has_value() && equal(*message, *again),
                "what was read is written so that it reads the same");
        require(encode(*again) == written, "there is one way to write a message");
    }
}

}  // namespace muster::fuzz
