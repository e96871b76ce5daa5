#include "tests/security/set_up.hpp"

#include "tests/support/files.hpp"
#include "tests/support/gateway.hpp"
#include "tests/support/markdown.hpp"
#include "tests/support/mosquitto.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace muster::test {
namespace {

namespace fs = std::filesystem;

constexpr int kLaunches = 5;
constexpr const char* kMessage = "MESSAGE ";

fs::path source() {
    return fs::path(MUSTER_SOURCE_DIRECTORY) / "systemd" / "mosquitto";
}

Words joined(Words words, const Words& more) {
    std::ranges::copy(more, std::back_inserter(words));
    return words;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// What Debian's mosquitto.conf says, in a folder of the test.
std::string main_configuration(const fs::path& etc) {
    // Started by another user than root, Mosquitto stays who it is.
    return "persistence true\npersistence_location " + (etc / "state").string() +
           "/\nlog_dest stderr\nlog_type all\ninclude_dir " + (etc / "conf.d").string() + "\n";
}

// The README's blocks of commands that hold for everybody, and for this kind of devices.
std::string commands(DeviceLogin login) {
    const std::string own = login == DeviceLogin::passwords ? "sh passwords" : "sh certificates";
    std::string script;
    for (const auto& block : read_markdown(read_file(source() / "README.md")).blocks) {
        if (block.kind == "sh" || block.kind == own) {
            script += block.text;
        }
    }
    return script;
}

// "add_user" of "add_user FILE NAME": its text, and those of what it calls.
std::string functions() {
    std::string all = commands(DeviceLogin::passwords);
    std::istringstream lines(all);
    std::string found;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        inside = inside || line.find("() {") != std::string::npos;
        if (inside) {
            found += line + "\n";
        }
        inside = inside && line != "}";
    }
    return found;
}

Words address(std::uint16_t port) {
    return {"-V", "mqttv5", "-q", "1", "-h", "localhost", "-p", std::to_string(port)};
}

}  // namespace

SetUp::SetUp(DeviceLogin login, const Words& more) : login_(login) {
    const fs::path etc = folder_ / "etc";
    // Mosquitto leaves root for its own user, which has to get at its files.
    fs::permissions(folder_.path(), fs::perms(0755));
    for (const auto* name : {"conf.d", "certs", "ca_certificates", "state"}) {
        fs::create_directories(etc / name);
    }
    fs::permissions(etc / "state", fs::perms(0777));
    write_file(etc / "mosquitto.conf", main_configuration(etc));
    for (const auto& each : fs::directory_iterator(source())) {
        fs::copy(each.path(), folder_.path());
    }
    std::string script = commands(login);
    for (const auto& line : more) {
        script += line + "\n";
    }
    static_cast<void>(shell(script));
    for (int attempt = 0; attempt < kLaunches && !broker_; ++attempt) {
        adapt_files();
        launch();
    }
    if (!broker_) {
        throw std::runtime_error("Mosquitto did not start");
    }
}

SetUp::~SetUp() = default;

// As whoever runs the test: who is not root cannot give files to another
// group, and need not.
std::string SetUp::shell(const std::string& script) const {
    std::string text = "set -eu\ncd " + folder_.path().string() + "\nexport PATH=" + program("") +
                       ":/usr/sbin:$PATH\netc=" + (folder_ / "etc").string() +
                       "\nunits=" + (folder_ / "units").string() + "\nnames=DNS:localhost,IP:127.0.0.1\n";
    if (::geteuid() != 0) {
        text += "chgrp() { :; }\n";
    }
    const auto finished = run({"sh", "-c", text + script});
    if (finished.exit_code != 0) {
        throw std::runtime_error("the commands of the README failed:\n" + finished.output + finished.errors);
    }
    return finished.output;
}

// Where the test has its files, and ports that are free.
void SetUp::adapt_files() {
    struct Listener {
        const char* file;
        std::string line;
        std::uint16_t& port;
    };
    const Listener listeners[] = {{"muster.conf", "listener 1883 127.0.0.1", local_},
                                  {"muster.conf", "listener 8884", clients_},
                                  {"muster-devices.conf", "listener 8883", devices_}};
    const fs::path etc = folder_ / "etc";
    for (const auto& [name, line, port] : listeners) {
        const auto path = etc / "conf.d" / name;
        std::string text = read_file(path);
        const auto before = port == 0 ? line : "listener " + std::to_string(port) + " 127.0.0.1";
        if (text.find(before + "\n") == std::string::npos) {
            throw std::runtime_error(path.string() + " has no " + before);
        }
        port = free_port();
        replace_all(text, before + "\n", "listener " + std::to_string(port) + " 127.0.0.1\n");
        replace_all(text, "/etc/mosquitto/", etc.string() + "/");
        write_file(path, text);
    }
}

void SetUp::launch() {
    auto broker = std::make_unique<Process>(
        Words{"/usr/sbin/mosquitto", "-c", (folder_ / "etc" / "mosquitto.conf").string()},
        folder_ / "broker.log");
    const auto runs = [&] { return broker->output().find(" running") != std::string::npos; };
    static_cast<void>(eventually([&] { return runs() || !broker->running(); }));
    if (runs() && broker->running()) {
        broker_ = std::move(broker);
    } else if (broker->output().find("Address already in use") == std::string::npos) {
        throw std::runtime_error("Mosquitto did not start:\n" + broker->output());
    }
}

Words SetUp::password(const std::string& user, const std::string& password_of) const {
    auto text = read_file(file(password_of + ".password"));
    text.pop_back();
    return {"-u", user, "-P", text};
}

Words SetUp::client(const std::string& user, const std::string& password_of) const {
    return joined(address(local_), password(user, password_of));
}

Words SetUp::remote_client(const std::string& user, const std::string& password_of) const {
    return joined(joined(address(clients_), {"--cafile", file("authority/ca.pem")}),
                  password(user, password_of));
}

Words SetUp::device_listener(const std::string& ca_file) const {
    return joined(address(devices_), {"--cafile", ca_file});
}

Words SetUp::device(const std::string& id) const {
    const auto listener = device_listener(file("authority/ca.pem"));
    switch (login_) {
        case DeviceLogin::passwords:
            return joined(listener, password(id, id));
        case DeviceLogin::certificates:
            return joined(listener, {"--cert", file(id + ".pem"), "--key", file(id + ".key")});
    }
    return {};
}

void SetUp::also(const std::string& line) {
    const auto reloads = [&] {
        const auto log = broker_log();
        std::size_t count = 0;
        for (auto at = log.find("Reloading config"); at != std::string::npos;
             at = log.find("Reloading config", at + 1)) {
            ++count;
        }
        return count;
    };
    const auto before = reloads();
    static_cast<void>(shell(functions() + line + "\n"));
    broker_->signal(SIGHUP);
    if (!eventually([&] { return reloads() > before; })) {
        throw std::runtime_error("Mosquitto did not reload:\n" + broker_log());
    }
}

Process SetUp::start_daemon(const Words& more, const std::string& log) const {
    Words command{program("musterd"),
                  "--config",
                  file("musterd.yaml"),
                  "--set",
                  "broker.urls=mqtt://127.0.0.1:" + std::to_string(local_),
                  "--set",
                  "http.listen=127.0.0.1:0"};
    for (const auto& setting : more) {
        command = joined(std::move(command), {"--set", setting});
    }
    Process daemon(command, file(log));
    const auto connected = [&] { return daemon.output().find("broker_connected") != std::string::npos; };
    if (!eventually([&] { return connected() || !daemon.running(); }) || !daemon.running()) {
        throw std::runtime_error("musterd did not connect:\n" + daemon.output() + broker_log());
    }
    return daemon;
}

Finished SetUp::muster(const std::string& user, const Words& words) const {
    return run(joined({program("muster"), "--broker", clients_url(), "--ca-file", file("authority/ca.pem"),
                       "--user", user, "--password-file", file(user + ".password")},
                      words));
}

Attempt publish_as(const Words& who, const std::string& topic, const std::string& payload, bool retain) {
    Words command = joined(joined({"mosquitto_pub"}, who), {"-t", topic, "-m", payload});
    if (retain) {
        command.emplace_back("-r");
    }
    const auto finished = run(command);
    if (finished.exit_code != 0) {
        return Attempt::not_let_in;
    }
    return finished.errors.find("Not authorized") == std::string::npos ? Attempt::taken : Attempt::denied;
}

namespace {

Words spy_command(const Words& who, const Words& filters) {
    Words command = joined({"stdbuf", "-oL", "mosquitto_sub"}, who);
    for (const auto& filter : filters) {
        command = joined(std::move(command), {"-t", filter});
    }
    return joined(std::move(command), {"-d", "-F", kMessage + std::string("%t %p")});
}

}  // namespace

Spy::Spy(const Words& who, const Words& filters) : subscriber_(spy_command(who, filters), folder_ / "heard") {
    if (!eventually([&] { return subscriber_.output().find("Subscribed (") != std::string::npos; })) {
        throw std::runtime_error("mosquitto_sub did not subscribe:\n" + subscriber_.output());
    }
}

Words Spy::heard() const {
    std::istringstream lines(subscriber_.output());
    Words found;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(kMessage)) {
            found.push_back(line.substr(std::string_view(kMessage).size()));
        }
    }
    return found;
}

bool Spy::hears(std::string_view beginning) const {
    return eventually([&] {
        return std::ranges::any_of(heard(), [&](const auto& line) { return line.starts_with(beginning); });
    });
}

}  // namespace muster::test
