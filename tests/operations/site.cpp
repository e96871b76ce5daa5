#include "tests/operations/site.hpp"

#include "tests/support/files.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace muster::test {
namespace {

namespace files = std::filesystem;

std::string last_lines(const std::string& text, std::size_t count) {
    const auto lines = lines_of(text);
    std::string last;
    for (auto at = lines.size() - std::min(count, lines.size()); at < lines.size(); ++at) {
        last += lines[at] + "\n";
    }
    return last;
}

// "-n 5" among the words.
std::size_t wanted_lines(const std::vector<std::string>& words) {
    const auto option = std::ranges::find(words, "-n");
    return option == words.end() ? std::string::npos : std::stoul(*(option + 1));
}

GatewayOptions options_of(std::uint16_t http, const files::path& fault, const files::path& broker_log) {
    GatewayOptions options;
    options.broker_configuration = "log_dest file " + broker_log.string() + "\n";  // as Debian's
    options.overrides = {"http.listen=127.0.0.1:" + std::to_string(http), "http.metrics=everyone"};
    options.launcher = {"env", "LD_PRELOAD=" + program("libfailing_disk.so"),
                        "MUSTER_TEST_FAILING_DISK=" + fault.string()};
    return options;
}

bool mentions(const std::vector<std::string>& command, const std::string& word) {
    return run(command).output.find(word) != std::string::npos;
}

}  // namespace

std::set<std::string> programs_can() {
    std::set<std::string> can;
    if (mentions({program("musterd"), "--help"}, "backup")) {
        can.insert("backup");
    }
    if (mentions({program("muster"), "--help"}, "doctor")) {
        can.insert("doctor");
    }
    return can;
}

Site::Site(std::set<std::string> has)
    : has_(programs_can()), gateway_(options_of(http_, fault(), broker_log())) {
    has_.merge(has);
}

void Site::fill_disk() {
    write_file(fault(), "write " + std::to_string(ENOSPC));
}

void Site::free_disk() {
    files::remove(fault());
}

void Site::follow(const std::string& heading, const std::string& part) {
    Desk(kGuide, desk_options(has_)).follow(heading, part);
}

void Site::follow_with(const std::string& word, const std::string& heading) {
    auto has = has_;
    has.insert(word);
    Desk(kGuide, desk_options(std::move(has))).follow(heading, word);
}

Desk::Options Site::desk_options(std::set<std::string> has) {
    const auto folder = gateway_.files().path().string();
    files::create_directories(gateway_.files() / "backups");
    write_file(gateway_.files() / "musterd.password", "any\n");
    Desk::Options options;
    options.environment = {{"MUSTER_BROKER", gateway_.broker().url()}, {"MUSTER_USER", "anna"}};
    options.meant = {
        {"mqtt://127.0.0.1:1883", gateway_.broker().url()},
        {"-p 1883", "-p " + std::to_string(gateway_.broker().port())},
        {"127.0.0.1:8620", "127.0.0.1:" + std::to_string(http_)},
        {"/usr/share/doc/musterd/examples/fleet", MUSTER_SOURCE_DIRECTORY "/config/example-fleet"},
        {"/etc/muster/musterd.yaml", gateway_.configuration().string()},
        {"/var/log/mosquitto/mosquitto.log", broker_log().string()},
        {"/var/backups/", folder + "/backups/"},
        {"/var/lib/muster/", folder + "/"},
        {"/var/lib/muster", folder},
        {"/etc/muster/", folder + "/"}};
    options.has = std::move(has);
    options.services = [this](const std::vector<std::string>& words) { return serve(words); };
    return options;
}

std::string Site::musterd_log() const {
    std::vector<files::path> logs;
    for (const auto& each : files::directory_iterator(gateway_.files().path())) {
        if (each.path().extension() == ".log") {
            logs.push_back(each.path());
        }
    }
    std::ranges::sort(logs);
    std::string all;
    for (const auto& log : logs) {
        all += read_file(log);
    }
    return all;
}

std::string Site::serve(const std::vector<std::string>& words) {
    if (words[0] == "journalctl" && words[1].starts_with("--vacuum")) {
        free_disk();
        return {};
    }
    if (words[0] == "journalctl") {
        return last_lines(musterd_log(), wanted_lines(words));
    }
    if (words[1] == "is-active") {
        return gateway_.daemon().running() ? "active\n" : "inactive\n";
    }
    control(words[1], words[2]);
    return {};
}

void Site::control(const std::string& verb, const std::string& unit) {
    if (unit == "mosquitto") {
        verb == "start" ? gateway_.broker().start() : gateway_.broker().stop();
        return;
    }
    if (verb == "reload") {
        gateway_.daemon().signal(SIGHUP);
        return;
    }
    if (gateway_.daemon().running()) {
        gateway_.daemon().signal(SIGTERM);
        static_cast<void>(gateway_.daemon().wait());
    }
    if (verb == "start" || verb == "restart") {
        try {
            gateway_.start_daemon();
        } catch (const std::exception&) {
            throw std::runtime_error(
                "Job for musterd.service failed because the control process exited with error code.");
        }
    }
}

}  // namespace muster::test
