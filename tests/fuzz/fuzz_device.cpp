// What devices say of themselves, on its way into the registry: parts whose
// first line is "<device number> <info, state or status>".
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/engine_world.hpp"

#include <algorithm>

namespace muster::fuzz {
namespace {

constexpr std::size_t kMessages = 20;

std::optional<core::Event> decode_info_event(const DeviceId& device, std::string_view payload) {
    auto info = decode_info(payload);
    if (!info) {
        require_good(info.error());
        return std::nullopt;
    }
    const auto again = decode_info(encode(*info));
    require(encode(*info).size() > limits::kInfoBytes || (again && encode(*again) == encode(*info)),
            "a birth message is written so that it reads the same");
    return core::InfoReceived{device, std::move(info).value()};
}

std::optional<core::Event> decode_state_event(const DeviceId& device, std::string_view payload) {
    auto values = decode_state(payload);
    if (!values) {
        require_good(values.error());
        return std::nullopt;
    }
    return core::StateReceived{device, std::move(values).value()};
}

std::optional<core::Event> decode_status_event(const DeviceId& device, std::string_view payload) {
    const auto online = decode_status(payload);
    if (!online) {
        require_good(online.error());
        return std::nullopt;
    }
    require(decode_status(encode_status(*online)).value() == *online, "a status reads back the same");
    return core::StatusReceived{device, *online, false};
}

std::optional<core::Event> decode_part(std::string_view part) {
    const auto line = part.substr(0, part.find('\n'));
    const auto payload = part.substr(std::min(line.size() + 1, part.size()));
    const auto device = test::device_id(line.starts_with('2') ? 2 : 1);
    if (line.ends_with("info")) {
        return decode_info_event(device, payload);
    }
    return line.ends_with("state") ? decode_state_event(device, payload)
                                   : decode_status_event(device, payload);
}

void require_bounded(const core::Values& values) {
    require(values.text().size() <= limits::kValuesBytes, "values keep their limit");
    require(is_text(values.text()), "values are text");
    require(core::Values(values.object()) == values, "values have one spelling");
}

void require_bounded(const core::Device& device) {
    require_bounded(device.tags);
    require_bounded(device.reported);
    require(device.name.size() <= limits::kDeviceNameLength && is_text(device.name),
            "a name keeps its limit");
    require(device.template_name.size() <= limits::kNameLength, "a template's name keeps its limit");
}

}  // namespace

void fuzz_device(Input input) {
    test::EngineWorld world;
    for (const auto part : parts_of(text_of(input), kMessages)) {
        const auto event = decode_part(part);
        if (!event) {
            continue;
        }
        world.step(*event);
        const auto before = world.store().load().value().devices;
        world.step(*event);
        require(world.store().load().value().devices == before, "a repeated message changes nothing");
    }
    const auto stored = world.store().load().value().devices;
    require(stored.size() == world.engine().registry().size() && stored.size() <= 2,
            "the store knows the same devices");
    for (const auto& device : stored) {
        require_bounded(device);
        const auto* registered = world.engine().registry().get(device.id.text());
        require(registered != nullptr && *registered == device, "the store holds what the registry does");
    }
}

}  // namespace muster::fuzz
