#include "tests/support/hot_path_samples.hpp"

#include <array>

namespace muster::test {

OperationMessage sample_operation() {
    OperationMessage message;
    message.id = kSampleOperationId;
    message.kind = OperationKind::set;
    message.values = {{"fanSpeed", 3}};
    message.expires = 1'767'225'600;
    return message;
}

std::string ack_payload(const std::string& operation) {
    return R"({"id":")" + operation + R"(","code":200})";
}

std::string ack_text(const std::string& operation) {
    return operation + " 200";
}

std::string state_payload(int fan_speed) {
    return R"({"fanSpeed":)" + std::to_string(fan_speed) +
           R"(,"mode":"eco","firmware":"1.4.0","temperature":4.5,"doorOpen":false,)"
           R"("serial":"RF00004711"})";
}

DeviceInfo fleet_info(std::size_t number) {
    static constexpr std::array<std::string_view, 4> kSites{"oslo", "bergen", "narvik", "hamar"};
    DeviceInfo info;
    info.template_name = "fridge";
    info.tags = {{"site", kSites[number % kSites.size()]}, {"floor", number % 7}};
    info.remembers = 8;
    return info;
}

}  // namespace muster::test
