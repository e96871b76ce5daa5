// What musterd itself checks, at a broker without any access list: an answer
// has to be of the device that was asked, with the id that it was given.
#include "tests/integration/fleet.hpp"
#include "tests/security/figures.hpp"

#include <doctest/doctest.h>

namespace muster::test {
namespace {

constexpr const char* kDevices[] = {"fridge-1", "fridge-2"};

// Two devices that are online and say nothing by themselves.
struct Bench {
    Bench() {
        put_fleet(gateway);
        for (const auto* device : kDevices) {
            put_silent_device(gateway, device);
            gateway.publish(topic(device, "status"), "online", true);
        }
        REQUIRE(eventually([&] { return number(gateway.request("status"), "/devices/online") == 2; }));
    }

    static std::string topic(const std::string& device, const std::string& kind) {
        return "muster/v1/dev/" + device + "/" + kind;
    }

    // The id of the message that the device has from the job.
    std::string operation(const std::string& device, std::int64_t job) {
        std::string id;
        REQUIRE(eventually([&] {
            for (const auto& message : commands.messages()) {
                const auto candidate = text(parse(message.payload), "/id");
                if (message.topic == topic(device, "cmd") &&
                    candidate.starts_with(std::to_string(job) + ".")) {
                    id = candidate;
                }
            }
            return !id.empty();
        }));
        return id;
    }

    // Of all that is counted and changes nothing.
    std::int64_t refused() {
        const auto status = gateway.request("status");
        std::int64_t sum = 0;
        for (const auto* counter : {"ack_foreign", "ack_duplicate", "ack_late", "messages_malformed"}) {
            sum += number(status, std::string("/counters/") + counter);
        }
        return sum;
    }

    // An ack that must count for nothing.
    void try_ack(const std::string& kind, const std::string& device, const std::string& id) {
        CAPTURE(kind);
        CAPTURE(id);
        const auto before = refused();
        gateway.publish(topic(device, "ack"), id + " 200");
        const bool counted = eventually([&] { return refused() == before + 1; });
        CHECK(counted);
        count_attempt(kind, counted);
    }

    void check_pending(std::int64_t job, std::int64_t pending) {
        const auto now = gateway.job(job);
        CHECK(text(now, "/status") == "Running");
        CHECK(number(now, "/tally/pending") == pending);
    }

    Gateway gateway;
    Observer commands{gateway.broker().url(), "muster/v1/dev/+/cmd"};
};

}  // namespace

TEST_CASE("Promise 5, SPEC 5.4: guessed and replayed operation ids are refused and counted") {
    Bench bench;
    const auto job = run_job(bench.gateway, fan_speed_job(3));
    const auto first = bench.operation("fridge-1", job);
    const auto second = bench.operation("fridge-2", job);
    const auto tag_of = [](const std::string& id) { return id.substr(id.find('-')); };
    const auto key_of = [](const std::string& id) { return id.substr(0, id.find('-')); };

    auto guessed = first;
    guessed.back() = guessed.back() == 'A' ? 'B' : 'A';
    bench.try_ack("ack_with_guessed_hash", "fridge-1", guessed);
    bench.try_ack("ack_with_guessed_hash", "fridge-1", key_of(first) + "-AAAAAAAA");
    bench.try_ack("ack_of_another_device", "fridge-2", first);
    bench.try_ack("ack_of_another_device", "fridge-1", second);
    bench.try_ack("ack_of_another_execution", "fridge-1", key_of(second) + tag_of(first));
    bench.try_ack("ack_of_another_execution", "fridge-1", std::to_string(job) + ".7.0" + tag_of(first));
    bench.try_ack("ack_of_another_message", "fridge-1",
                  key_of(first).substr(0, key_of(first).size() - 1) + "1" + tag_of(first));
    bench.try_ack("ack_of_another_job", "fridge-1",
                  std::to_string(job + 1) + key_of(first).substr(std::to_string(job).size()) + tag_of(first));
    bench.try_ack("ack_of_an_unknown_device", "fridge-9", first);
    bench.check_pending(job, 2);

    bench.gateway.publish(Bench::topic("fridge-1", "ack"), first + " 200");
    bench.gateway.await_count(job, "succeeded", 1);
    bench.try_ack("ack_of_an_ended_execution", "fridge-1", first);
    bench.check_pending(job, 1);
    bench.gateway.publish(Bench::topic("fridge-2", "ack"), second + " 400 door open");
    bench.gateway.await_job(job, "Failed");

    const auto later = run_job(bench.gateway, fan_speed_job(4));
    static_cast<void>(bench.operation("fridge-1", later));
    bench.try_ack("ack_of_an_earlier_job", "fridge-1", first);
    bench.try_ack("ack_of_an_earlier_job", "fridge-2", second);
    bench.check_pending(later, 2);
    CHECK(number(bench.gateway.job(job), "/tally/failed") == 1);
}

TEST_CASE("Promise 5, SPEC 5.4: a retained ack is ignored, though it is right in all else") {
    Bench bench;
    const auto job = run_job(bench.gateway, fan_speed_job(3));
    const auto id = bench.operation("fridge-1", job);
    bench.gateway.kill_daemon();
    bench.gateway.publish(Bench::topic("fridge-1", "ack"), id + " 200", true);
    bench.gateway.start_daemon();  // subscribes, and is given what is retained
    const bool counted = eventually([&] { return bench.refused() == 1; });
    CHECK(counted);
    count_attempt("retained_ack", counted);
    bench.check_pending(job, 2);
}

}  // namespace muster::test
