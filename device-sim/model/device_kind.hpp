// The kinds of device that the simulator knows more about than their template's
// name: what they report at first and which values they can take.
//
// Threads: pure functions over constant tables.
#pragma once

#include "device-sim/model/fleet_options.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace muster::sim {

// "fridge-" for refrigerators, else "device-".
[[nodiscard]] std::string default_prefix(std::string_view template_name);
// Refrigerators stand at a site and on a floor; others have no tags.
[[nodiscard]] std::vector<TagSpread> default_tags(std::string_view template_name);
// What a person would call the device with this number.
[[nodiscard]] std::string device_name(std::string_view template_name, std::size_t number);

// What a device reports before anybody changed anything.
[[nodiscard]] boost::json::object initial_state(std::string_view template_name, Random random);

// Why a device cannot take this value: a sentence that lives for ever, or empty
// when it can. Names that the kind does not know are taken as they come.
[[nodiscard]] std::string_view complaint(std::string_view template_name, std::string_view name,
                                         const boost::json::value& value) noexcept;

}  // namespace muster::sim
