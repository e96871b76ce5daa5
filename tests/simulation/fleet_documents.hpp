// What a simulated run begins with: a template, device sets, the users, and the
// key of the gateway.
//
// Threads: constants.
#pragma once

#include "protocol/ids.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace muster::simulation {

inline constexpr OperationKey::Bytes kOperationKey{7, 1, 7, 2, 7, 3, 7, 4, 7, 5, 7, 6, 7, 7, 7, 8};

inline constexpr std::string_view kAdmin = "anna";
inline constexpr std::string_view kViewer = "vera";

// The one property that the gateway keeps.
inline constexpr std::string_view kGatewayProperty = "location";

// Bodies of template/put: the refrigerator as it is, and with less to it.
inline constexpr std::string_view kWholeTemplate = R"({"document":{"name":"refrigerator",
  "settings":{"fanSpeed":{"schema":{"type":"integer","minimum":0,"maximum":5}},
              "light":{"schema":{"type":"string","enum":["off","eco","on"]}}},
  "properties":{"location":{"kept":"gateway","schema":{"type":"string"}},
                "assetTag":{"kept":"device","schema":{"type":"string"}},
                "serial":{"readOnly":true,"schema":{"type":"string"}}},
  "reported":{"firmware":{"schema":{"type":"string"}}},
  "commands":{"defrost":{"timeout_seconds":60,"args":{"type":"object","properties":{"minutes":{"type":"integer"}}}},
              "beep":{"timeout_seconds":20}}}})";
inline constexpr std::string_view kSmallTemplate = R"({"document":{"name":"refrigerator",
  "settings":{"fanSpeed":{"schema":{"type":"integer","minimum":0,"maximum":5}}},
  "commands":{"defrost":{"timeout_seconds":60}}}})";

// Bodies of set/put. The last one breaks with the small template.
inline constexpr std::string_view kSets[] = {
    R"({"set":"fridges","template":"refrigerator","query":""})",
    R"({"set":"oslo","template":"refrigerator","query":"tags.site == \"oslo\""})",
    R"-({"set":"basics","template":"refrigerator","query":"id.startsWith(\"basic-\")"})-",
    R"({"set":"online","template":"refrigerator","query":"online"})",
    R"({"set":"bright","template":"refrigerator","query":"settings.light == \"on\" || reported.firmware < \"2\""})",
};
inline constexpr std::string_view kSetNames[] = {"fridges", "oslo", "basics", "online", "bright", "none"};

}  // namespace muster::simulation
