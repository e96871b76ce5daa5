// muster next to what a user would write instead: scripts that keep nothing, and a
// durable queue. The programs are in peers/, whose README says why they are written so.
#include "tests/bench/sections.hpp"
#include "tests/bench/turns.hpp"
#include "tests/bench/world.hpp"
#include "tests/support/json.hpp"
#include "tests/support/process.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace muster::bench {
namespace {

namespace json = boost::json;

constexpr std::chrono::minutes kPatience{5};

struct Peer {
    std::string id;
    std::string name;
    std::vector<std::string> command;
};

// What became of the devices of a job whose keeper was broken in its middle.
constexpr std::array<const char*, 5> kAftermath{"lost", "repeated", "reported_failed_but_done",
                                                "reported_done_but_not", "not_reported"};

bool succeeds(const std::vector<std::string>& command) {
    return test::run({"/bin/sh", "-c", R"("$@" >/dev/null 2>&1)", "sh", command[0], command[1], command[2]})
               .exit_code == 0;
}

class PeerDuel {
public:
    explicit PeerDuel(const Run& run)
        : run_(run),
          devices_(run.quick ? 5'000 : 10'000),
          broker_(broker_options()),
          musterd_(broker_),
          muster_fleet_(broker_, {.devices = devices_, .statistics = true}),
          peer_fleet_(broker_, {.root = kBareRoot, .devices = devices_, .prefix = kBarePrefix}) {
        musterd_.await_devices(devices_, devices_);
        static_cast<void>(job_turn(musterd_, broker_, muster_fleet_, muster_fleet_.another_speed()));
    }

    void compare_speed();
    void break_muster();
    void break_queue(const std::string& what, const std::vector<std::string>& more);

private:
    [[nodiscard]] std::vector<Peer> peers() const;
    json::value ask(const std::vector<std::string>& command);

    const Run& run_;
    std::size_t devices_;
    test::Mosquitto broker_;
    Musterd musterd_;
    Fleet muster_fleet_;
    Fleet peer_fleet_;
};

std::vector<Peer> PeerDuel::peers() const {
    std::vector<Peer> found{
        {"mqttjs", "script with MQTT.js, nothing kept", {"node", run_.peers / "mqttjs_script.mjs"}}};
    if (succeeds({"/usr/bin/python3", "-c", "import paho.mqtt.client"})) {
        found.push_back({"python",
                         "script with python3-paho-mqtt, nothing kept",
                         {"/usr/bin/python3", run_.peers / "paho_script.py"}});
    } else {
        run_.report.note("peer.python.missing", "Not here, so not measured: python3-paho-mqtt.");
    }
    if (succeeds({"redis-server", "--version", ""})) {
        for (const std::string fsync : {"always", "everysec"}) {
            found.push_back({"bullmq." + fsync,
                             "BullMQ on Redis, appendfsync " + fsync,
                             {"node", run_.peers / "durable/bullmq.mjs", "--appendfsync", fsync}});
        }
    } else {
        run_.report.note("peer.bullmq.missing",
                         "Not here, so not measured: redis-server, which BullMQ needs.");
    }
    return found;
}

json::value PeerDuel::ask(const std::vector<std::string>& command) {
    auto words = command;
    words.insert(words.end(),
                 {"--port", std::to_string(broker_.port()), "--devices", std::to_string(devices_), "--prefix",
                  peer_fleet_.options().prefix, "--value", std::to_string(peer_fleet_.another_speed())});
    const auto finished = test::run(words, kPatience);
    if (finished.exit_code != 0) {
        throw std::runtime_error(command[1] + ": " + finished.output + finished.errors);
    }
    return test::parse(finished.output);
}

void PeerDuel::compare_speed() {
    const auto each = [this](double seconds) { return static_cast<double>(devices_) / seconds; };
    const auto all = peers();
    std::vector<double> jobs;
    std::map<std::string, std::vector<double>> rates;
    std::map<std::string, std::vector<double>> cpu;
    for (int round = 0; round < (run_.quick ? 1 : 5); ++round) {
        jobs.push_back(
            each(job_turn(musterd_, broker_, muster_fleet_, muster_fleet_.another_speed()).seconds));
        for (const auto& peer : all) {
            const auto told = ask(peer.command);
            rates[peer.id].push_back(each(test::member(told, "/seconds").to_number<double>()));
            cpu[peer.id].push_back(test::member(told, "/cpu_seconds").to_number<double>() * 1e6 /
                                   static_cast<double>(devices_));
        }
    }
    run_.report.add(
        "peer.job.rate",
        fmt::format("job of musterd on {} devices, durable", readable(static_cast<double>(devices_))),
        "operations/s", jobs);
    for (const auto& peer : all) {
        run_.report.add("peer." + peer.id + ".rate", peer.name, "operations/s", rates[peer.id]);
        run_.report.add("peer." + peer.id + ".cpu", "  its CPU", "us/operation", cpu[peer.id]);
        run_.report.add("peer." + peer.id + ".ratio", "  job of musterd / this, turn by turn", "times",
                        ratios(jobs, rates[peer.id]));
    }
}

// kill -9 of musterd when half of the devices have answered, and a start.
void PeerDuel::break_muster() {
    const auto before = test::number(muster_fleet_.statistics(), "/totals/executed");
    const auto job = musterd_.run_job(muster_fleet_.another_speed());
    const auto half = static_cast<std::int64_t>(devices_ / 2);
    const Stopwatch watch;
    while (test::number(musterd_.client().request("job/get", {{"job", job}}), "/tally/succeeded") < half) {
        if (watch.seconds() > std::chrono::duration<double>(kPatience).count()) {
            throw std::runtime_error("the job does not get to its half");
        }
    }
    musterd_.kill();
    musterd_.start();
    const auto end = musterd_.client().await_end(job, kPatience);
    const auto told = muster_fleet_.statistics();
    const auto executed = test::number(told, "/totals/executed") - before;
    const auto add = [this](const std::string& what, std::int64_t count) {
        run_.report.add("peer.job.killed." + what, "  " + what, "devices", {static_cast<double>(count)});
    };
    run_.report.add("peer.job.killed.seconds", "musterd, kill -9 in the middle of the job: its time in all",
                    "s", {watch.seconds()});
    const auto repeated = test::number(told, "/executed_more_than_once");
    add("lost", static_cast<std::int64_t>(devices_) + repeated - executed);
    add("repeated", repeated);
    add("not_reported", static_cast<std::int64_t>(devices_) - end.succeeded);
}

void PeerDuel::break_queue(const std::string& what, const std::vector<std::string>& more) {
    std::vector<std::string> command{"node", run_.peers / "durable/bullmq.mjs", "--kill", what};
    command.insert(command.end(), more.begin(), more.end());
    const auto told = ask(command);
    const auto id = "peer.bullmq.killed." + what;
    run_.report.add(id + ".seconds",
                    test::text(told, "/name") + ", " + what + " broken in the middle: its time in all", "s",
                    {test::member(told, "/seconds").to_number<double>()});
    for (const auto* name : kAftermath) {
        run_.report.add(id + "." + name, std::string("  ") + name, "devices",
                        {static_cast<double>(test::number(told, std::string("/") + name))});
    }
}

}  // namespace

void measure_peer(const Run& run) {
    if (run.peers.empty()) {
        run.report.note("peer.missing",
                        "The scripts of tests/bench/peers are not installed, so nothing is measured.");
        return;
    }
    PeerDuel duel(run);
    duel.compare_speed();
    duel.break_muster();
    if (!succeeds({"redis-server", "--version", ""})) {
        return;
    }
    duel.break_queue("worker",
                     run.quick ? std::vector<std::string>{"--lock", "3"} : std::vector<std::string>{});
    if (!run.quick) {
        duel.break_queue("redis", {"--appendfsync", "everysec"});
        duel.break_queue("power", {"--appendfsync", "everysec"});
    }
}

}  // namespace muster::bench
