// Operations a second of a real job and of bare loops over the same broker and the
// same kind of simulator, in turns.
#include "tests/bench/sections.hpp"
#include "tests/bench/turns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

namespace muster::bench {
namespace {

constexpr std::array<std::size_t, 4> kWindows{100, 300, 1000, 2000};
constexpr std::size_t kSpareFiles = 500;

struct Shape {
    std::string id;     // "shared": the second part of the figures' ids
    std::string about;  // "4 connections"
    std::size_t devices;
    std::string connections;
    int rounds;
};

// The two sides: musterd with its fleet, and another fleet for the loops.
class Duel {
public:
    Duel(const Run& run, Shape shape)
        : run_(run),
          shape_(std::move(shape)),
          broker_(broker_options()),
          musterd_(broker_),
          muster_fleet_(broker_, {.devices = shape_.devices, .connections = shape_.connections}),
          bare_fleet_(broker_, {.root = kBareRoot,
                                .devices = shape_.devices,
                                .connections = shape_.connections,
                                .prefix = kBarePrefix}),
          kinds_(bare_kinds(run)) {
        musterd_.await_devices(shape_.devices, shape_.devices);
        static_cast<void>(job());  // both sides have worked once before anything counts
    }

    void measure();

private:
    Turn job() { return job_turn(musterd_, broker_, muster_fleet_, muster_fleet_.another_speed()); }
    Turn bare(const BareKind& kind, int qos) {
        return bare_turn(kind, broker_, bare_fleet_, bare_fleet_.another_speed(), qos, windows_[kind.id]);
    }
    void find_windows();
    [[nodiscard]] const BareKind& best_of(const std::map<std::string, Turns>& loops) const;
    void measure_unchanged();
    // `how` and `title`: what the loops do, as a part of an id and for a person.
    void compare(const Turns& jobs, const std::map<std::string, Turns>& loops, const std::string& how,
                 const std::string& title);
    void report(const std::string& side, const std::string& what, const Turns& turns);

    const Run& run_;
    Shape shape_;
    test::Mosquitto broker_;
    Musterd musterd_;
    Fleet muster_fleet_;
    Fleet bare_fleet_;
    std::vector<BareKind> kinds_;
    std::map<std::string, std::size_t> windows_;  // of each kind, its best
};

void Duel::find_windows() {
    for (const auto& kind : kinds_) {
        std::map<std::size_t, double> rates;
        for (int pass = 0; pass < (run_.quick ? 1 : 2); ++pass) {
            for (const auto window : kWindows) {
                const auto turn =
                    bare_turn(kind, broker_, bare_fleet_, bare_fleet_.another_speed(), 1, window);
                rates[window] = std::max(rates[window], static_cast<double>(shape_.devices) / turn.seconds);
            }
        }
        std::string tried;
        double best = 0;
        for (const auto& [window, rate] : rates) {
            tried += fmt::format(" {} at {},", readable(rate), window);
            if (rate > best) {
                best = rate;
                windows_[kind.id] = window;
            }
        }
        run_.report.note(
            "throughput." + shape_.id + ".window." + kind.id,
            fmt::format("{}, operations/s by window:{} so {}", kind.name, tried, windows_[kind.id]));
    }
}

void Duel::report(const std::string& side, const std::string& what, const Turns& turns) {
    const auto id = "throughput." + shape_.id + "." + side;
    const auto name = what + ", " + shape_.about;
    run_.report.add(id + ".rate", name, "operations/s", turns.rates);
    turns.report_cpu(run_.report, id, side.ends_with("job") ? "musterd" : "the loop");
}

const BareKind& Duel::best_of(const std::map<std::string, Turns>& loops) const {
    return *std::ranges::max_element(
        kinds_, {}, [&loops](const BareKind& kind) { return summarize(loops.at(kind.id).rates).median; });
}

void Duel::compare(const Turns& jobs, const std::map<std::string, Turns>& loops, const std::string& how,
                   const std::string& title) {
    for (const auto& kind : kinds_) {
        const auto side = how + "." + kind.id;
        report(side, fmt::format("bare loop, {}, {}", kind.name, title), loops.at(kind.id));
        run_.report.add(fmt::format("throughput.{}.{}.ratio", shape_.id, side),
                        "  job at QoS 1 / this, turn by turn", "times",
                        ratios(jobs.rates, loops.at(kind.id).rates));
    }
    const auto& best = best_of(loops);
    run_.report.add(fmt::format("throughput.{}.ratio.{}", shape_.id, how),
                    fmt::format("job at QoS 1 / {}, {}, turn by turn", best.name, title), "times",
                    ratios(jobs.rates, loops.at(best.id).rates));
    run_.report.add(fmt::format("throughput.{}.ratio.cpu.{}", shape_.id, how),
                    "  the same of their CPU, all programs together, inverted", "times",
                    ratios(loops.at(best.id).cpu(), jobs.cpu()));
}

void Duel::measure() {
    find_windows();
    Turns jobs;
    std::array<std::map<std::string, Turns>, 2> loops;  // by QoS
    for (int round = 0; round < shape_.rounds; ++round) {
        jobs.add(job(), shape_.devices);
        for (const int qos : {1, 0}) {
            for (const auto& kind : kinds_) {
                loops.at(static_cast<std::size_t>(qos))[kind.id].add(bare(kind, qos), shape_.devices);
            }
        }
    }
    report("job", "job, QoS 1, durable", jobs);
    run_.report.add("throughput." + shape_.id + ".job.repeats", "  operations sent again, in all jobs",
                    "operations", {static_cast<double>(musterd_.repeats())});
    compare(jobs, loops[1], "qos1", "QoS 1");
    compare(jobs, loops[0], "qos0", "QoS 0");
    measure_unchanged();
}

// What devices have already is set again: they report no state, and musterd keeps nothing of it.
void Duel::measure_unchanged() {
    Turns jobs;
    std::map<std::string, Turns> loops;
    for (int round = 0; round < shape_.rounds; ++round) {
        jobs.add(job_turn(musterd_, broker_, muster_fleet_, muster_fleet_.speed()), shape_.devices);
        for (const auto& kind : kinds_) {
            loops[kind.id].add(
                bare_turn(kind, broker_, bare_fleet_, bare_fleet_.speed(), 1, windows_[kind.id]),
                shape_.devices);
        }
    }
    report("unchanged.job", "job that changes nothing", jobs);
    compare(jobs, loops, "unchanged", "nothing changes");
}

}  // namespace

void measure_throughput(const Run& run) {
    Duel(run, {"shared", "4 connections", run.quick ? 10'000UL : 30'000UL, "4", run.quick ? 5 : 7}).measure();
    const std::size_t wanted = run.quick ? 2'000 : 5'000;
    // muster-sim has three for each, the broker one for each of both fleets.
    const auto each = std::min(wanted, (open_files() - kSpareFiles) / 3);
    if (each < wanted) {
        run.report.note("throughput.each.files",
                        "The limit of open files is low, so there are fewer devices.");
    }
    Duel(run, {"each", fmt::format("{} connections", each), each, "each", run.quick ? 5 : 9}).measure();
}

}  // namespace muster::bench
