#include "tests/simulation/witness.hpp"

#include "protocol/codec.hpp"

namespace muster::simulation {

std::string message_name(const OperationId& id) {
    const auto text = to_string(id);
    return text.substr(0, text.find('-'));
}

void Witness::executed(const std::string& device, const std::string& operation, bool remembers) {
    ++figures_.operations_executed;
    if (!executed_[device].insert(operation).second && remembers) {
        ++figures_.operations_executed_twice;
        transcript_.violate("a device that remembers executes an operation once",
                            device + " executed " + operation + " again");
    }
}

void Witness::forgot(const std::string& device) {
    executed_.erase(device);
}

void Witness::answered(const std::string& device, const std::string& payload) {
    answers_.push_back({device, payload});
    const auto ack = decode_ack(payload);
    const auto id = ack ? parse_operation_id(ack->id) : Result<OperationId>(ack.error());
    if (!id) {
        return;  // a device's own garbage says nothing
    }
    const Key key{device, message_name(*id)};
    switch (meaning(*ack)) {
        case AckMeaning::completed:
            done_.insert(key);
            break;
        case AckMeaning::not_now:
            ++not_now_[key];
            break;
        case AckMeaning::in_progress:
        case AckMeaning::rejected:
        case AckMeaning::device_error:
            break;
    }
}

bool Witness::said_done(const std::string& device, const OperationId& message) const {
    return done_.contains({device, message_name(message)});
}

unsigned Witness::said_not_now(const std::string& device, const OperationId& message) const {
    const auto found = not_now_.find({device, message_name(message)});
    return found == not_now_.end() ? 0 : found->second;
}

}  // namespace muster::simulation
