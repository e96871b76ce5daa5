#include "tests/bench/world.hpp"

#include "tests/integration/storm.hpp"
#include "tests/support/files.hpp"
#include "tests/support/gateway.hpp"
#include "tests/support/json.hpp"

#include <boost/json/array.hpp>

#include <stdexcept>
#include <sys/resource.h>
#include <utility>

namespace muster::bench {
namespace {

namespace json = boost::json;

constexpr std::chrono::minutes kPatience{20};      // a million devices on a slow machine
constexpr std::chrono::minutes kStartPatience{4};  // until musterd is online
constexpr const char* kTemplate = R"({
    "name": "refrigerator", "title": "Refrigerated vending machine",
    "settings": {
        "fanSpeed": {"schema": {"type": "integer", "minimum": 0, "maximum": 5}},
        "light": {"schema": {"type": "string", "enum": ["off", "eco", "on"]}},
        "targetTemperature": {"schema": {"type": "number", "minimum": -30, "maximum": 20}}},
    "properties": {
        "location": {"kept": "gateway", "schema": {"type": "string"}},
        "serial": {"readOnly": true, "schema": {"type": "string"}}},
    "reported": {"firmware": {"schema": {"type": "string"}}, "temperature": {"schema": {"type": "number"}},
                 "doorOpen": {"schema": {"type": "boolean"}}},
    "commands": {"reboot": {"timeout_seconds": 20}}
})";

std::vector<std::string> simulator_command(const test::Mosquitto& broker, const FleetOptions& options,
                                           const test::TempDir& files) {
    std::vector<std::string> command{test::program("muster-sim"),
                                     "--broker",
                                     broker.url(),
                                     "--root",
                                     options.root,
                                     "--devices",
                                     std::to_string(options.devices),
                                     "--prefix",
                                     options.prefix,
                                     "--connections",
                                     options.connections,
                                     "--template",
                                     options.template_name,
                                     "--ready-file",
                                     (files / "ready").string()};
    if (options.statistics) {
        command.insert(command.end(), {"--stats-file", (files / "statistics").string()});
    }
    return command;
}

std::string configuration_text(const std::string& broker_url, const std::filesystem::path& store) {
    return "broker:\n  urls: [\"" + broker_url + "\"]\nprotocol:\n  root: " + kMusterRoot +
           "\nstore:\n  path: " + store.string() + "\nhttp:\n  listen: 127.0.0.1:0\ndefault_role: admin\n";
}

}  // namespace

json::value refrigerator_template() {
    return test::parse(kTemplate);
}

test::Mosquitto::Options broker_options() {
    return {
        .persistence = false,
        .anonymous = true,
        .configuration = "set_tcp_nodelay true\nmax_inflight_messages 2000\nmax_queued_messages 100000\n"};
}

std::size_t open_files() {
    test::allow_many_connections();
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

Fleet::Fleet(const test::Mosquitto& broker, FleetOptions options)
    : options_(std::move(options)), process_(simulator_command(broker, options_, files_), files_ / "output") {
    const auto ready = files_ / "ready";
    if (!test::eventually([&] { return std::filesystem::exists(ready) || !process_.running(); }, kPatience) ||
        !process_.running()) {
        throw std::runtime_error("muster-sim did not get ready:\n" + process_.output());
    }
}

json::value Fleet::statistics() {
    const auto file = files_ / "statistics";
    std::filesystem::remove(file);
    process_.signal(SIGUSR1);
    if (!test::eventually([&] { return std::filesystem::exists(file); })) {
        throw std::runtime_error("muster-sim does not tell its statistics:\n" + process_.output());
    }
    return test::parse(test::read_file(file));
}

Musterd::Musterd(const test::Mosquitto& broker,
                 const std::function<void(const std::filesystem::path&)>& prepare)
    : broker_(broker) {
    test::write_file(files_ / "musterd.yaml", configuration_text(broker_.url(), store()));
    if (prepare) {
        prepare(store());
    }
    start();
    client_->request("template/put", {{"document", refrigerator_template()}});
    client_->request("set/put", {{"set", kSet}, {"template", "refrigerator"}, {"query", ""}});
}

double Musterd::start() {
    const std::vector<std::string> command{test::program("musterd"), "--config",
                                           (files_ / "musterd.yaml").string()};
    client_.reset();
    // Hears of it at once, and is not a process whose start would be measured too.
    bool online = false;
    MosquittoClient listener(broker_.port(), "", {std::string(kMusterRoot) + "/gateway/status"}, 1,
                             [&online](std::string_view /*topic*/, std::string_view payload) {
                                 online = payload.find(R"("online")") != std::string_view::npos;
                             });
    listener.turn(std::chrono::milliseconds(100));  // what was retained
    online = false;
    const Stopwatch watch;
    process_.emplace(command, files_ / ("musterd-" + std::to_string(++starts_) + ".log"));
    while (!online) {
        listener.turn(std::chrono::milliseconds(100));
        if (!process_->running() || watch.seconds() > std::chrono::duration<double>(kStartPatience).count()) {
            throw std::runtime_error("musterd did not come online:\n" + process_->output());
        }
    }
    const double seconds = watch.seconds();
    client_.emplace(broker_.port(), kMusterRoot);
    return seconds;
}

void Musterd::stop() {
    process_->signal(SIGTERM);
    if (process_->wait() != 0) {
        throw std::runtime_error("musterd did not end well:\n" + process_->output());
    }
}

void Musterd::kill() {
    process_->kill();
}

std::uintmax_t Musterd::settled_store_bytes() const {
    const auto copy = files_ / "copy.db";
    const auto finished = test::run(
        {test::program("musterd"), "--config", (files_ / "musterd.yaml").string(), "backup", copy.string()},
        kPatience);
    if (finished.exit_code != 0) {
        throw std::runtime_error("musterd backup: " + finished.output + finished.errors);
    }
    const auto bytes = std::filesystem::file_size(copy);
    std::filesystem::remove(copy);
    return bytes;
}

void Musterd::await_devices(std::size_t devices, std::size_t online) {
    const auto known = [&] {
        const auto status = client_->request("status");
        return test::number(status, "/devices/total") >= static_cast<std::int64_t>(devices) &&
               test::number(status, "/devices/online") >= static_cast<std::int64_t>(online);
    };
    if (!test::eventually(known, kPatience)) {
        throw std::runtime_error("musterd does not know all devices");
    }
}

std::int64_t Musterd::repeats() {
    return test::number(client_->request("status"), "/counters/operation_resent");
}

std::int64_t Musterd::run_job(int speed, json::object more) {
    json::object specification{{"name", "Fan speed " + std::to_string(speed)},
                               {"set", kSet},
                               {"type", "settings"},
                               {"operations", json::array{{{"name", "fanSpeed"}, {"value", speed}}}},
                               {"run", true}};
    for (auto& [name, value] : more) {
        specification[name] = value;
    }
    return test::number(client_->request("job/save", specification), "/job");
}

}  // namespace muster::bench
