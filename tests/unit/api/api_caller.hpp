// Calls verbs as a transport does, against an engine of its own.
//
// Threads: one.
#pragma once

#include "daemon/api/api.hpp"
#include "tests/support/engine_world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

class ApiCaller {
public:
    [[nodiscard]] Result<boost::json::object> call(std::string_view verb, std::string_view body = "{}",
                                                   api::Role role = api::Role::admin);
    // The result of a call that must succeed; ends the process otherwise.
    [[nodiscard]] boost::json::object result(std::string_view verb, std::string_view body = "{}");
    // The refusal of a call that must fail.
    [[nodiscard]] Error refusal(std::string_view verb, std::string_view body = "{}");

    [[nodiscard]] EngineWorld& world() { return world_; }
    [[nodiscard]] api::GatewayState& gateway() { return gateway_; }
    // It has to outlive the calls.
    void examine_with(api::Examiner& examiner) { examiner_ = &examiner; }
    [[nodiscard]] api::View view() {
        return {world_.engine(), world_.store(), gateway_, {}, nullptr, examiner_};
    }

private:
    EngineWorld world_;
    api::GatewayState gateway_;
    api::Examiner* examiner_ = nullptr;
};

[[nodiscard]] boost::json::object object_of(std::string_view text);
// The member of each item of a page: {"items": [{"device": "d00001"}]}.
[[nodiscard]] std::vector<std::string> texts(const boost::json::object& page, std::string_view member);
// "field: message" of each detail.
[[nodiscard]] std::vector<std::string> details(const Error& error);

}  // namespace muster::test
