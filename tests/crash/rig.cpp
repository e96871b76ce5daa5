#include "tests/crash/rig.hpp"

#include "tests/support/files.hpp"
#include "tests/support/json.hpp"

#include <boost/json/parse.hpp>

#include <stdexcept>
#include <system_error>

namespace muster::crash {
namespace {

constexpr int kKilled = 128 + SIGKILL;

// The broker saves itself every second, so what it remembers after kill -9 is
// old but not empty. The observer must not miss a message.
constexpr const char* kBroker = "autosave_interval 1\nmax_queued_messages 100000\nset_tcp_nodelay true\n";

std::string program(const std::string& name) {
    return MUSTER_PROGRAM_DIRECTORY "/" + name;
}

// Dead connections and lost messages are found soon, so that many faults fit
// into a minute.
std::string configuration(std::uint16_t port, const std::filesystem::path& store) {
    return "broker:\n  urls: [\"mqtt://127.0.0.1:" + std::to_string(port) +
           "\"]\n"
           "  keep_alive_seconds: 5\n  connect_timeout_seconds: 1\n"
           "  reconnect_least_milliseconds: 50\n  reconnect_most_milliseconds: 400\n"
           "store:\n  path: " +
           store.string() +
           "\n"
           "jobs:\n  resend_first_seconds: 1\n  resend_most_seconds: 2\n"
           "http:\n  listen: 127.0.0.1:0\ndefault_role: admin\nlog:\n  level: info\n";
}

}  // namespace

Files::Files() {
    auto name = (std::filesystem::temp_directory_path() / "muster-crash-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("cannot make a directory like " + name);
    }
    path_ = name;
}

Files::~Files() {
    if (!kept_) {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
}

Rig::Rig(std::uint64_t seed)
    : broker_({.persistence = true, .anonymous = true, .configuration = kBroker}),
      daemon_network_(broker_.port(), seed),
      device_network_(broker_.port(), seed + 1),
      store_(files_ / "muster.db") {
    test::write_file(files_ / "musterd.yaml", configuration(daemon_network_.port(), store_));
}

Rig::~Rig() = default;

void Rig::start_daemon() {
    launch({program("musterd")});
}

void Rig::start_daemon_at(std::string_view failpoint, int visit, test::Milliseconds pause) {
    launch({program("musterd_failpoints"),
            std::string(failpoint) + ':' + std::to_string(visit) + ':' + std::to_string(pause.count()),
            files_ / "died_at"});
}

void Rig::launch(std::vector<std::string> command) {
    std::error_code ignored;
    std::filesystem::remove(files_ / "died_at", ignored);
    command.insert(command.end(), {"--config", files_ / "musterd.yaml"});
    daemon_ =
        std::make_unique<test::Process>(command, files_ / ("musterd-" + std::to_string(++starts_) + ".log"));
}

bool Rig::kill_daemon() {
    const bool alive = daemon_->running();
    daemon_->kill();
    return alive;
}

bool Rig::daemon_ended(test::Milliseconds patience) {
    return daemon_->wait(patience).has_value();
}

std::string Rig::died_at() const {
    std::error_code ignored;
    const auto note = files_ / "died_at";
    return std::filesystem::exists(note, ignored) ? test::read_file(note) : "";
}

std::string Rig::bad_end() {
    const auto code = daemon_->wait();
    if (code == kKilled || code == 0 || code == 3) {
        return {};
    }
    return "musterd ended by itself, with " + (code ? std::to_string(*code) : "no code") + ":\n" +
           daemon_->output();
}

void Rig::start_broker(bool forgetful) {
    if (forgetful) {
        std::error_code ignored;
        std::filesystem::remove(broker_.directory() / "mosquitto.db", ignored);
    }
    broker_.start();
}

void Rig::start_devices(const std::string& prefix, std::size_t count, std::vector<std::string> options) {
    std::vector<std::string> command{program("muster-sim"),
                                     "--broker",
                                     "mqtt://127.0.0.1:" + std::to_string(device_network_.port()),
                                     "--template",
                                     "machine",
                                     "--prefix",
                                     prefix,
                                     "--devices",
                                     std::to_string(count),
                                     "--ready-file",
                                     files_ / (prefix + "ready"),
                                     "--stats-file",
                                     files_ / (prefix + "statistics.json")};
    command.insert(command.end(), options.begin(), options.end());
    devices_[prefix] = std::make_unique<test::Process>(command, files_ / (prefix + "simulator.log"));
}

bool Rig::devices_ready(const std::string& prefix) const {
    return std::filesystem::exists(files_ / (prefix + "ready"));
}

boost::json::value Rig::stop_devices(const std::string& prefix) {
    auto& simulator = *devices_.at(prefix);
    simulator.signal(SIGTERM);
    if (simulator.wait() != 0) {
        throw std::runtime_error("muster-sim did not end well:\n" + simulator.output());
    }
    return boost::json::parse(test::read_file(files_ / (prefix + "statistics.json")));
}

std::filesystem::path Rig::keep_files() {
    files_.keep();
    test::write_file(files_ / "mosquitto.log", broker_.log());
    return files_.path();
}

}  // namespace muster::crash
