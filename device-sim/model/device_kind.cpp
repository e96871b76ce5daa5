#include "device-sim/model/device_kind.hpp"

#include <fmt/format.h>

#include <array>

namespace muster::sim {
namespace {

namespace json = boost::json;

constexpr std::string_view kRefrigerator = "refrigerator";

// Wide enough that a template decides first; a device only refuses what no
// hardware of its kind could do.
struct NumberRule {
    std::string_view name;
    bool whole;
    double least;
    double most;
};

constexpr std::array kRefrigeratorRules{
    NumberRule{"fanSpeed", true, 0, 10},
    NumberRule{"targetTemperature", false, -40, 20},
};

std::string_view number_complaint(const NumberRule& rule, const json::value& value) noexcept {
    if (!value.is_number()) {
        return "not a number";
    }
    if (rule.whole && value.is_double()) {
        return "not a whole number";
    }
    const double number = value.to_number<double>();
    return number < rule.least || number > rule.most ? "out of range" : "";
}

}  // namespace

std::string default_prefix(std::string_view template_name) {
    return template_name == kRefrigerator ? "fridge-" : "device-";
}

std::vector<TagSpread> default_tags(std::string_view template_name) {
    if (template_name != kRefrigerator) {
        return {};
    }
    return {{"site", {"oslo", "bergen", "trondheim"}}, {"floor", {1, 2, 3}}};
}

std::string device_name(std::string_view template_name, std::size_t number) {
    return fmt::format("{} {}", template_name == kRefrigerator ? "Refrigerator" : "Device", number);
}

json::object initial_state(std::string_view template_name, Random random) {
    if (template_name != kRefrigerator) {
        return {{"firmware", "1.0.0"}};
    }
    const auto target = static_cast<std::int64_t>(2 + random.below(5));
    const auto tenths = static_cast<double>(random.below(10));
    return {{"fanSpeed", 1 + random.below(2)},
            {"targetTemperature", target},
            {"light", random.below(2) == 1 ? "on" : "eco"},
            {"firmware", random.below(2) == 1 ? "1.4.0" : "1.3.0"},
            {"temperature", static_cast<double>(target) + tenths / 10},
            {"doorOpen", random.below(20) == 1},
            {"serial", fmt::format("RF{:08}", random.below(100'000'000))}};
}

std::string_view complaint(std::string_view template_name, std::string_view name,
                           const json::value& value) noexcept {
    if (template_name == kRefrigerator) {
        for (const NumberRule& rule : kRefrigeratorRules) {
            if (rule.name == name) {
                return number_complaint(rule, value);
            }
        }
    }
    return {};
}

}  // namespace muster::sim
