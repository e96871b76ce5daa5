#include "daemon/api/metrics.hpp"

#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace muster;
using muster::test::ApiCaller;
namespace json = boost::json;

namespace {

// What a running gateway always has.
json::object counters() {
    json::object counters;
    for (const char* name : {"messages_malformed", "messages_oversized", "messages_dropped", "acks",
                             "broker_connections", "requests", "requests_refused", "commits", "changes",
                             "queue_refused", "outbox_dropped", "log_suppressed"}) {
        counters.emplace(name, 1);
    }
    for (std::size_t kind = 0; kind < core::kNoticeKinds; ++kind) {
        counters.emplace(core::to_string(static_cast<core::NoticeKind>(kind)), kind);
    }
    return counters;
}

}  // namespace

TEST_CASE("metrics have a name, a type, a help and samples, each name once") {
    ApiCaller caller;
    caller.gateway().counters = counters();
    std::set<std::string> names;
    const auto metrics = caller.result("metrics").at("metrics").as_array();
    for (const auto& metric : metrics) {
        const auto name = std::string(metric.at("name").as_string());
        CAPTURE(name);
        CHECK(names.insert(name).second);
        CHECK(name.starts_with("muster_"));
        CHECK((metric.at("type") == "counter") == name.ends_with("_total"));
        CHECK_FALSE(metric.at("help").as_string().empty());
        CHECK_FALSE(metric.at("samples").as_array().empty());
    }
}

TEST_CASE("commit times fall into the class whose bound they do not pass") {
    api::CommitTimes times;
    times.add(std::chrono::microseconds(500));
    times.add(std::chrono::microseconds(501));
    times.add(std::chrono::seconds(2));
    CHECK(times.counts.front() == 1);
    CHECK(times.counts[1] == 1);
    CHECK(times.counts.back() == 1);
    CHECK(times.seconds == doctest::Approx(2.001001));
}

TEST_CASE("console/open gives a token of the asker, if there is HTTP at all") {
    ApiCaller caller;
    CHECK(caller.refusal("console/open").code == ErrorCode::unavailable);
    caller.gateway().console = {"http://127.0.0.1:8620", api::console_key({7})};
    const auto opened = caller.result("console/open");
    const auto token = std::string(opened.at("token").as_string());
    CHECK(opened.at("address").as_string() == "http://127.0.0.1:8620/#token=" + token);
    const auto user = api::user_of_console_token(caller.gateway().console.key, token, caller.view().now);
    CHECK(user == caller.result("session/get").at("user").as_string());
}
