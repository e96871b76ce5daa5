// What a million devices cost the registry: memory for each, and the time of each
// kind of question about them.
//
//   build/bin/bench_registry [DEVICES [alike|different]]      (1000000 alike)
//
// Memory is what the process holds more than before (mallinfo2, and the peak of its
// resident set). Times are processor time of the verb's handler on the engine thread,
// without HTTP; a first answer is one after a restart, the others those of a loop. Where an answer
// leaves something to the next, `rounds` is how many it took until all was known.
#include "daemon/api/api.hpp"
#include "daemon/core/engine.hpp"
#include "daemon/store/memory_store.hpp"
#include "tests/bench/usage.hpp"
#include "tests/support/engine_world.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <malloc.h>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace muster::test {
namespace {

namespace json = boost::json;

// Of this thread's processor time, so that what else a shared machine does is left out.
struct Clock {
    static std::chrono::nanoseconds now() {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }
};

// Like those of muster-sim. The settings of `different` ones are those of a job all the same.
core::Device device(std::size_t number, bool different) {
    const auto varied = different ? number : number % 40;
    core::Device made;
    made.id = DeviceId::parse(fmt::format("sim-{:07}", number)).value();
    made.template_name = "fridge";
    made.tags =
        core::Values::from_text(fmt::format(R"({{"floor":{},"site":"{}"}})", different ? number : number % 5,
                                            number % 4 == 0 ? "oslo" : "bergen"));
    made.reported = core::Values::from_text(fmt::format(
        R"({{"doorOpen":false,"fanSpeed":3,"firmware":"1.{}.0","light":"eco","serial":"RF{:08}","targetTemperature":{},"temperature":{}.3}})",
        varied % 10, varied, varied % 5, varied % 7));
    made.name = core::SharedText(different ? fmt::format("Refrigerator {}", number) : "");
    made.remembers = 8;
    made.online = number % 3 != 0;
    made.presence_since = TimePoint{Seconds{1'700'000'000 + number * 7'919 % 100'000}};
    return made;
}

std::size_t allocated() {
    const auto heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

class Fleet {
public:
    Fleet(std::size_t devices, bool different) : devices_(devices) {
        const auto before = allocated();
        core::Snapshot snapshot;
        snapshot.templates.push_back({fridge_template(), 1, false, TimePoint{}});
        for (const auto* query :
             {"", "tags.site == \"oslo\"", "reported.fanSpeed >= 3 && reported.firmware != \"1.4.0\""}) {
            snapshot.sets.push_back(set_of(fmt::format("set{}", snapshot.sets.size()), query));
        }
        for (std::size_t i = 0; i < devices; ++i) {
            snapshot.devices.push_back(device(i, different));
        }
        const auto made = Clock::now();
        engine_ = std::make_unique<core::Engine>(core::EngineOptions{}, std::move(snapshot));
        fmt::print("{} devices, {}: {:.0f} bytes each; loaded in {:.2f} s\n", devices,
                   different ? "all different" : "alike",
                   static_cast<double>(allocated() - before) / static_cast<double>(devices),
                   std::chrono::duration<double>(Clock::now() - made).count());
    }

    void run_job() {
        const auto before = allocated();
        core::Effects effects;
        auto spec = settings_job("fan");
        spec.set = "set0";
        step(core::LinkUp{300}, effects);
        const auto start = Clock::now();
        core::request::SaveJob save;
        save.spec = spec;
        save.run = true;
        step(core::Asked{1, "anna", save}, effects);
        fmt::print(
            "job on all of them: answered in {:.3f} s, {}\n",
            std::chrono::duration<double>(Clock::now() - start).count(),
            effects.replies.front().answer ? "running" : effects.replies.front().answer.error().message);
        effects = {};
        fmt::print("with it {:.0f} bytes more for each\n",
                   static_cast<double>(allocated() - before) / static_cast<double>(devices_));
    }

    json::object ask(const char* verb, const json::object& body) {
        api::GatewayState state;
        const api::View view{*engine_, store_, state, now_};
        const api::Call call{"anna", api::Role::admin, verb, body};
        auto prepared = api::prepare(call, view);
        if (!prepared) {
            return {{"error", prepared.error().message}};
        }
        auto result = prepared->answer(view, nullptr);
        return result ? std::move(*result) : json::object{{"error", result.error().message}};
    }

    void step(const core::Event& event, core::Effects& effects) {
        now_ += Milliseconds{1};
        engine_->step(now_, event, effects);
    }

    // Whether there is more to be known of what was asked for: a count, or who comes first.
    static bool is_open(const json::object& answer) {
        const auto* least = answer.if_contains("at_least");
        const auto* items = answer.if_contains("items");
        return (least != nullptr && least->as_bool()) ||
               (items != nullptr && items->as_array().empty() && !answer.at("next").is_null());
    }

    // How often it has to be asked until all is known, and what each answer took.
    void measure(const char* verb, const std::string& text) {
        const auto body = json::parse(text).as_object();
        std::vector<double> times;
        const auto once = [&](const json::object& asked) {
            const auto start = Clock::now();
            auto answer = ask(verb, asked);
            times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
            return answer;
        };
        auto answer = once(body);
        auto on = body;
        for (; is_open(answer) && times.size() < 10'000; answer = once(on)) {
            if (answer.contains("items") && !answer.at("next").is_null()) {
                on["cursor"] = answer.at("next");
            }
        }
        const auto rounds = times.size();
        const auto first = times;
        times.clear();
        for (int i = 0; i < 200; ++i) {
            core::Effects effects;  // something happens between any two questions
            step(core::StateReceived{DeviceId::parse(fmt::format("sim-{:07}", i * 37)).value(),
                                     {{"temperature", 1'000'000 + i}}},
                 effects);
            answer = once(body);
        }
        std::ranges::sort(times);
        fmt::print("{:<16} {:<74} {:>8} {:>9.2f} {:>9.2f} {:>9.2f} {:>9.2f}\n", verb, text, rounds,
                   first.front(), *std::ranges::max_element(first), times[times.size() / 2],
                   times[times.size() * 99 / 100]);
        if (answer.contains("error")) {
            fmt::print("  {}\n", json::serialize(answer));
        }
    }

private:
    std::size_t devices_;
    TimePoint now_{Seconds{1'800'000'000}};
    store::MemoryStore store_;
    std::unique_ptr<core::Engine> engine_;
};

void measure(std::size_t devices, bool different) {
    const auto base = usage_of(getpid()).peak_kib;
    Fleet fleet(devices, different);
    fleet.run_job();
    fmt::print("peak of all: {:.0f} bytes for each device\n",
               static_cast<double>(usage_of(getpid()).peak_kib - base) * 1024 / static_cast<double>(devices));
    fmt::print("{:<16} {:<74} {:>8} {:>9} {:>9} {:>9} {:>9}\n", "verb", "body", "rounds", "first ms",
               "most ms", "median ms", "p99 ms");
    for (const auto* body :
         {R"({})", R"({"limit":1000})", R"({"cursor":"sim-0500000"})", R"({"online":false})",
          R"({"template":"fridge"})", R"({"template":"none"})", R"({"search":"sim-09999"})",
          R"({"search":"nothing"})", R"({"query":"tags.site == \"oslo\""})",
          R"({"query":"reported.serial == \"RF00999999\""})", R"({"sort":"name"})",
          R"({"sort":"name","order":"desc"})", R"({"order":"desc"})", R"({"sort":"since"})",
          R"({"sort":"online","order":"desc","limit":1000})", R"({"sort":"template","search":"nothing"})",
          R"({"sort":"since","query":"tags.site == \"oslo\"","online":true})"}) {
        fleet.measure("device/list", body);
    }
    for (const auto* set : {"set0", "set1", "set2"}) {
        fleet.measure("set/get", fmt::format(R"({{"set":"{}"}})", set));
        fleet.measure("set/preview", fmt::format(R"({{"set":"{}","search":"99","online":true}})", set));
    }
    fleet.measure("set/preview", R"({"template":"fridge","query":"tags.floor == 3"})");
    fleet.measure("template/list", "{}");
    fleet.measure("status", "{}");
}

}  // namespace
}  // namespace muster::test

int main(int count, char** values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    const auto devices = arguments.empty() ? 1'000'000UL : std::stoul(arguments[0]);
    muster::test::measure(devices, arguments.size() > 1 && arguments[1] == "different");
    return 0;
}
