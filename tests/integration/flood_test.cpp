// A hostile client and a running job. The figures go to the file that
// MUSTER_FLOOD_FILE names, if it names one.
#include "protocol/utf8.hpp"
#include "tests/integration/fleet.hpp"
#include "tests/integration/nonsense.hpp"
#include "tests/support/files.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <regex>
#include <sstream>

namespace muster::test {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMessages = 100'000;
constexpr std::size_t kBatch = 2'000;  // sent before the gateway has to have answered
constexpr int kDevices = 200;
constexpr int kRejecting = 10;
constexpr int kMostDevices = 250;

// What may be in memory at once: the daemon by itself with all its libraries
// and the store's cache (40 MiB); a batch of the flood waiting in Paho and in
// the inbox (2,000 of 16 KiB or a topic of 60 KiB at most, but on average 2 KiB:
// 16 MiB); one request of 4 MiB as a tree of two million numbers, while its
// stack is being doubled (128 MiB); what the allocator does not give back.
constexpr long kMostKibibytes = 256 * 1024;

// Lines in 10 s, by the limiter, and what else the daemon has to say in this test.
constexpr std::size_t kLinesInWindow = 101;
constexpr std::size_t kOtherLines = 60;
constexpr std::size_t kLongestLine = 16 * 1024;

long peak_kibibytes(int process) {
    std::istringstream status(read_file("/proc/" + std::to_string(process) + "/status"));
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::atol(line.c_str() + std::string_view("VmHWM:").size());
        }
    }
    return 0;
}

std::int64_t counter(Gateway& gateway, const std::string& name) {
    return number(gateway.request("status"), "/counters/" + name);
}

// No control character but line feeds, nothing that hides text, no bytes that are no text.
bool is_harmless(std::string_view text) {
    while (!text.empty()) {
        const bool line_end = text.front() == '\n';
        if (const auto character = take_character(text);
            !line_end && (character == kReplacementCharacter || is_unprintable(character))) {
            return false;
        }
    }
    return true;
}

// A device whose every word is meant for a terminal: its name, its tags, what it reports and answers.
class EvilDevice {
public:
    EvilDevice(Gateway& gateway, std::string id)
        : gateway_(gateway), id_(std::move(id)), observer_(gateway.broker().url(), topic("cmd")) {
        const std::string escapes(kTerminalEscapes);
        gateway_.publish(topic("info"), json::serialize(json::object{{"proto", 1},
                                                                     {"template", "refrigerator"},
                                                                     {"name", "name " + escapes},
                                                                     {"tags", {{"site", "tag " + escapes}}},
                                                                     {"remembers", 8}}));
        gateway_.publish(topic("state"), json::serialize(json::object{{"firmware", "reported " + escapes}}));
        gateway_.publish(topic("status"), "online");
    }

    // Answers the job's only operation.
    void answer() {
        REQUIRE(eventually([this] { return !observer_.messages().empty(); }));
        const auto operation = parse(observer_.messages().front().payload);
        gateway_.publish(topic("ack"), text(operation, "/id") + " 500 answer " + kTerminalEscapes);
    }

private:
    [[nodiscard]] std::string topic(const std::string& kind) const {
        return "muster/v1/dev/" + id_ + "/" + kind;
    }

    Gateway& gateway_;
    std::string id_;
    Observer observer_;
};

// muster's output on a terminal.
std::string on_terminal(Gateway& gateway, const std::string& arguments) {
    const auto command = "stty cols 250 && " + program("muster") + " --broker " + gateway.broker().url() +
                         " --user tester " + arguments;
    const auto finished = run({"script", "--quiet", "--return", "--command", command, "/dev/null"});
    return finished.output;
}

// What muster itself writes to a terminal, taken away, and the carriage returns of the terminal.
std::string without_own_sequences(const std::string& output) {
    static const std::regex own("\x1b\\[(0m|1m|2m|31m|32m|33m|K|J|[0-9]+A|\\?25[lh])|\r");
    return std::regex_replace(output, own, "");
}

void check_terminal(Gateway& gateway, const std::string& arguments, std::string_view shown) {
    INFO(arguments);
    const auto output = without_own_sequences(on_terminal(gateway, arguments));
    // The escapes stand there as text: U+FFFD for what a terminal would have obeyed.
    CHECK_MESSAGE(output.find(shown) != std::string::npos, output);
    std::string rest = output;
    for (auto at = rest.find("\uFFFD"); at != std::string::npos; at = rest.find("\uFFFD")) {
        rest.erase(at, std::string_view("\uFFFD").size());
    }
    CHECK_MESSAGE(is_harmless(rest), json::serialize(json::string(output)));
}

using Kind = Nonsense::Kind;

std::map<Kind, std::int64_t> attack(Gateway& gateway, NonsenseMaker& maker) {
    std::map<Kind, std::int64_t> sent;
    Attacker attacker(gateway.broker().url());
    for (std::size_t i = 0; i < kMessages; ++i) {
        const auto nonsense = maker.make(i);
        attacker.publish(nonsense);
        ++sent[nonsense.kind];
        if (i % kBatch == kBatch - 1) {
            attacker.await_gateway();
        }
    }
    return sent;
}

// Every message of the flood arrived and went where it belongs.
void check_counters(Gateway& gateway, std::map<Kind, std::int64_t>& sent) {
    const auto reaches = [&gateway](const std::string& name, std::int64_t count) {
        std::int64_t last = 0;
        const bool reached =
            eventually([&] { return (last = counter(gateway, name)) >= count; }, Milliseconds{20'000});
        CHECK_MESSAGE(reached, name << " is " << last << ", not " << count);
    };
    reaches("messages_malformed", sent[Kind::malformed]);
    reaches("messages_oversized", sent[Kind::oversized]);
    reaches("ack_foreign", sent[Kind::foreign]);
    reaches("devices_full", sent[Kind::unknown_device] - kMostDevices);
    reaches("requests_refused", sent[Kind::request]);
    CHECK(counter(gateway, "messages_malformed") == sent[Kind::malformed]);
    CHECK(counter(gateway, "messages_oversized") == sent[Kind::oversized]);
    CHECK(number(gateway.request("status"), "/devices/total") == kMostDevices);
}

std::size_t check_log(const std::string& log, std::chrono::seconds passed) {
    const auto lines = lines_of(log);
    const auto windows = static_cast<std::size_t>(passed.count()) / 10 + 2;
    CHECK(lines.size() <= windows * kLinesInWindow + kOtherLines);
    for (const auto& line : lines) {
        CHECK_MESSAGE(line.size() <= kLongestLine, line.substr(0, 200));
        CHECK_MESSAGE(is_harmless(line), json::serialize(json::string(line)));
    }
    CHECK(log.find("event=log_suppressed") != std::string::npos);
    return lines.size();
}

// What devices answered so far, as they wrote it.
std::vector<std::string> genuine_acks(const Observer& observer) {
    std::vector<std::string> acks;
    for (const auto& message : observer.messages()) {
        acks.push_back(message.payload);
    }
    return acks;
}

void write_figures(const json::object& figures) {
    if (const char* file = std::getenv("MUSTER_FLOOD_FILE")) {
        write_file(file, json::serialize(figures) + "\n");
    }
}

std::uint64_t chosen_seed() {
    const char* given = std::getenv("MUSTER_TEST_SEED");
    return given == nullptr ? std::random_device{}() : std::strtoull(given, nullptr, 10);
}

TEST_CASE(
    "Promise 6: 100,000 hostile messages during a job change neither its end, nor the registry, nor fill "
    "memory or log") {
    const auto seed = chosen_seed();
    CAPTURE(seed);
    const auto started = Clock::now();
    // Nothing of the flood is lost in the broker's queues.
    Gateway gateway({.broker_configuration = "max_queued_messages 0\nmax_inflight_messages 1000\n",
                     .overrides = {"roles={tester: admin}", "default_role=none",
                                   "limits.devices=" + std::to_string(kMostDevices)}});
    put_fleet(gateway);
    Simulator simulator(gateway, kDevices, {"--reject", "5", "--delay", "500..10000"});
    EvilDevice evil(gateway, "evil-1");
    Observer acks(gateway.broker().url(), "muster/v1/dev/+/ack");
    auto specification = fan_speed_job(3, {{"window", 1000}});
    specification["name"] = std::string("job ") + kTerminalEscapes;
    const auto job = run_job(gateway, specification);
    gateway.await_count(job, "succeeded", 5);

    NonsenseMaker maker(seed, genuine_acks(acks));
    const auto flood_began = Clock::now();
    auto sent = attack(gateway, maker);
    const auto flood_took = Clock::now() - flood_began;
    evil.answer();
    gateway.await_job(job, "Failed");

    check_tally(gateway, job);
    auto counts = count_executions(gateway, job);
    const bool right = counts["Completed"] == kDevices - kRejecting && counts["rejected"] == kRejecting &&
                       counts["device_error"] == 1 && counts["Pending"] == 0 &&
                       counts["Failed"] == kRejecting + 1;
    CHECK_MESSAGE(right, json::serialize(gateway.job(job)));
    check_counters(gateway, sent);

    const auto number_of_job = std::to_string(job);
    check_terminal(gateway, "job list", "job \uFFFD]0;owned\uFFFD\uFFFD[2J\uFFFD[5m\uFFFD8m\uFFFDdnuor");
    check_terminal(gateway, "job show " + number_of_job, "answer \uFFFD]0;owned");
    check_terminal(gateway, "job devices " + number_of_job + " --status Failed", "answer \uFFFD]0;owned");
    check_terminal(gateway, "job watch " + number_of_job, "answer \uFFFD]0;owned");
    check_terminal(gateway, "job csv " + number_of_job, "answer \uFFFD]0;owned");
    check_terminal(gateway, "device show evil-1", "tag \uFFFD]0;owned");
    check_terminal(gateway, "device list", "name \uFFFD]0;owned");
    check_terminal(gateway, "--json job show " + number_of_job, "answer \\u001b]0;owned");

    const auto peak = peak_kibibytes(gateway.daemon().id());
    CHECK(peak <= kMostKibibytes);
    const auto suppressed = counter(gateway, "log_suppressed");
    const auto passed = std::chrono::ceil<std::chrono::seconds>(Clock::now() - started);
    const auto lines = check_log(gateway.daemon().output(), passed);
    CHECK(number(simulator.stop(), "/executed_more_than_once") == 0);
    write_figures({{"messages_sent", kMessages},
                   {"flood_milliseconds", std::chrono::duration_cast<Milliseconds>(flood_took).count()},
                   {"peak_rss_kib", peak},
                   {"peak_rss_kib_allowed", kMostKibibytes},
                   {"log_lines", lines},
                   {"log_lines_suppressed", suppressed},
                   {"devices_registered", kMostDevices},
                   {"devices_refused", counter(gateway, "devices_full")},
                   {"messages_malformed", counter(gateway, "messages_malformed")},
                   {"messages_oversized", counter(gateway, "messages_oversized")},
                   {"acks_foreign", counter(gateway, "ack_foreign")},
                   {"requests_refused", counter(gateway, "requests_refused")},
                   {"tally_right", right},
                   {"seed", seed}});
    MESSAGE("peak " << peak << " KiB, " << lines << " lines, flood "
                    << std::chrono::duration_cast<Milliseconds>(flood_took).count() << " ms");
}

}  // namespace
}  // namespace muster::test
