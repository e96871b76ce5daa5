#include "tests/bench/control_client.hpp"

#include "tests/support/json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <stdexcept>

namespace muster::bench {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kOnce{100};
// Later than that musterd does not ask because of what came before, and in so long it has heard the last.
constexpr std::chrono::seconds kRollCallBegins{13};
constexpr std::chrono::seconds kRollCallGrace{8};

}  // namespace

ControlClient::ControlClient(std::uint16_t port, const std::string& root)
    : root_(root),
      client_(port, "bench", {root + "/api/bench/res/+", root + "/event/job/+", root + "/all/announce"}, 1,
              [this](std::string_view topic, std::string_view payload) { hear(topic, payload); }) {}

void ControlClient::hear(std::string_view topic, std::string_view payload) {
    const auto now = Clock::now();
    if (topic.ends_with("/res/" + std::to_string(asked_))) {
        reply_ = test::parse(payload);
    } else if (topic.ends_with("/announce")) {
        answered_by_ =
            now + std::chrono::seconds(test::number(test::parse(payload), "/spread")) + kRollCallGrace;
    } else if (topic.starts_with(root_ + "/event/") &&
               payload.find(R"("event":"ended")") != std::string_view::npos) {
        const auto event = test::parse(payload);
        ends_[test::number(event, "/job")] = {test::text(event, "/status"),
                                              test::number(event, "/tally/succeeded"), now};
    }
}

json::value ControlClient::request(std::string_view verb, json::object body, std::chrono::seconds patience) {
    reply_ = nullptr;
    body["id"] = std::to_string(++asked_);
    client_.publish(root_ + "/api/bench/req/" + std::string(verb), json::serialize(body), 1);
    for (const auto end = Clock::now() + patience; reply_.is_null();) {
        client_.turn(kOnce);
        if (Clock::now() > end) {
            throw std::runtime_error("no answer to " + std::string(verb));
        }
    }
    if (!test::member(reply_, "/ok").as_bool()) {
        throw std::runtime_error(std::string(verb) + " was refused: " + json::serialize(reply_));
    }
    return test::member(reply_, "/result");
}

ControlClient::End ControlClient::await_end(std::int64_t job, std::chrono::seconds patience) {
    for (const auto end = Clock::now() + patience; !ends_.contains(job);) {
        client_.turn(kOnce);
        if (Clock::now() > end) {
            throw std::runtime_error("job " + std::to_string(job) +
                                     " did not end: " + json::serialize(request("job/get", {{"job", job}})));
        }
    }
    return ends_.at(job);
}

void ControlClient::await_quiet() {
    for (const auto begun = Clock::now() + kRollCallBegins; Clock::now() < std::max(begun, answered_by_);) {
        client_.turn(kOnce);
    }
}

}  // namespace muster::bench
