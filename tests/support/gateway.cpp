#include "tests/support/gateway.hpp"

#include "tests/support/files.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <atomic>
#include <sstream>
#include <stdexcept>
#include <string>

namespace muster::test {
namespace {

namespace json = boost::json;

constexpr const char* kUser = "tester";
// Told from the chatter of mosquitto_sub -d, which says when it has subscribed.
constexpr const char* kMessage = "MESSAGE ";

std::vector<std::string> joined(std::vector<std::string> words, const std::vector<std::string>& more) {
    std::ranges::copy(more, std::back_inserter(words));
    return words;
}

// "mqtt://127.0.0.1:4711" as the Mosquitto clients want it.
std::vector<std::string> with_broker(const std::vector<std::string>& command, const std::string& url) {
    const auto colon = url.rfind(':');
    const auto host = url.find("//") + 2;
    return joined(command, {"-h", url.substr(host, colon - host), "-p", url.substr(colon + 1)});
}

std::string configuration_text(const std::string& broker_url, const std::filesystem::path& database) {
    return "broker:\n  urls: [\"" + broker_url + "\"]\nstore:\n  path: " + database.string() +
           "\nhttp:\n  listen: 127.0.0.1:0\ndefault_role: admin\nlog:\n  level: info\n";
}

std::vector<std::string> daemon_command(const GatewayOptions& options,
                                        const std::filesystem::path& configuration) {
    auto command =
        joined(options.launcher, options.daemon.empty() ? std::vector{program("musterd")} : options.daemon);
    command = joined(std::move(command), {"--config", configuration.string()});
    for (const auto& override_text : options.overrides) {
        command = joined(std::move(command), {"--set", override_text});
    }
    return command;
}

std::vector<std::string> simulator_command(const std::string& broker_url, std::size_t devices,
                                           const std::vector<std::string>& options, const TempDir& files) {
    std::vector<std::string> command{program("muster-sim"),
                                     "--broker",
                                     broker_url,
                                     "--devices",
                                     std::to_string(devices),
                                     "--template",
                                     "refrigerator",
                                     "--ready-file",
                                     (files / "ready").string(),
                                     "--stats-file",
                                     (files / "statistics").string()};
    return joined(command, options);
}

}  // namespace

std::string program(std::string_view name) {
    return std::string(MUSTER_PROGRAM_DIRECTORY "/").append(name);
}

Observer::Observer(const std::string& broker_url, const std::string& filter)
    : subscriber_(with_broker({"stdbuf", "-oL", "mosquitto_sub", "-d", "-q", "1", "-t", filter, "-F",
                               kMessage + std::string("%r %t %p")},
                              broker_url),
                  directory_ / "messages") {
    if (!eventually([&] { return subscriber_.output().find("Subscribed (") != std::string::npos; })) {
        throw std::runtime_error("mosquitto_sub did not subscribe:\n" + subscriber_.output());
    }
}

std::vector<Observer::Message> Observer::messages() const {
    std::vector<Message> found;
    for (const auto& line : lines_of(subscriber_.output())) {
        if (!line.starts_with(kMessage)) {
            continue;
        }
        std::istringstream stream(line.substr(std::string_view(kMessage).size()));
        Message message;
        stream >> message.retained >> message.topic;
        std::getline(stream >> std::ws, message.payload);
        found.push_back(std::move(message));
    }
    return found;
}

Gateway::Gateway(GatewayOptions options)
    : options_(std::move(options)),
      broker_({.persistence = options_.broker_persistence,
               .anonymous = true,
               .configuration = options_.broker_configuration}) {
    const auto port = options_.detour ? options_.detour(broker_.port()) : broker_.port();
    write_file(configuration(),
               configuration_text("mqtt://127.0.0.1:" + std::to_string(port), files_ / "muster.db"));
    status_ = std::make_unique<Observer>(broker_.url(), "muster/v1/gateway/status");
    start_daemon();
}

void Gateway::start_daemon() {
    const auto times_online = [&] {
        return std::ranges::count_if(status_->messages(), [](const Observer::Message& message) {
            return message.payload.find("\"online\"") != std::string::npos;
        });
    };
    const auto before = times_online();
    ++starts_;
    daemon_ = std::make_unique<Process>(daemon_command(options_, configuration()),
                                        files_ / ("musterd-" + std::to_string(starts_) + ".log"));
    const bool ended_well = eventually([&] { return times_online() > before || !daemon_->running(); });
    if (!ended_well || !daemon_->running()) {
        throw std::runtime_error("musterd did not come online:\n" + daemon_->output());
    }
}

void Gateway::restart_broker() {
    broker_.kill();
    broker_.start();
    if (!eventually([&] { return !reply_to("status", {}, "1").empty(); })) {
        throw std::runtime_error("musterd did not come back to the broker:\n" + daemon_->output());
    }
}

Finished Gateway::muster(const std::vector<std::string>& arguments) {
    return run(joined({program("muster"), "--broker", broker_.url(), "--user", kUser}, arguments));
}

json::value Gateway::muster_json(const std::vector<std::string>& arguments) {
    const auto finished = muster(joined({"--json"}, arguments));
    if (finished.exit_code != 0) {
        throw std::runtime_error("muster exited with " + std::to_string(finished.exit_code) + ":\n" +
                                 finished.output + finished.errors);
    }
    return parse(finished.output);
}

std::string Gateway::reply_to(std::string_view verb, const json::object& body, const std::string& seconds) {
    // A topic for each answer: one that comes late, after its asker has gone, is no answer to the next.
    static std::atomic<unsigned> asked = 0;
    const std::string base = std::string("muster/v1/api/") + kUser;
    const auto request = base + "/req/" + std::string(verb);
    const auto response = base + "/res/rr-" + std::to_string(++asked);
    const auto finished = run(with_broker({"mosquitto_rr", "-V", "mqttv5", "-q", "1", "-W", seconds, "-u",
                                           kUser, "-t", request, "-e", response, "-m", json::serialize(body)},
                                          broker_.url()));
    return finished.output;
}

json::value Gateway::ask(std::string_view verb, const json::object& body) {
    const auto reply = reply_to(verb, body, "30");
    if (reply.empty()) {
        throw std::runtime_error("no answer to " + std::string(verb) + ":\n" + daemon_->output());
    }
    return parse(reply);
}

std::optional<json::value> Gateway::request_soon(std::string_view verb) {
    const auto reply = reply_to(verb, {}, "1");
    return reply.empty() ? std::nullopt : std::optional(member(parse(reply), "/result"));
}

json::value Gateway::request(std::string_view verb, const json::object& body) {
    const auto reply = ask(verb, body);
    if (!member(reply, "/ok").as_bool()) {
        throw std::runtime_error(std::string(verb) + " was refused: " + json::serialize(reply));
    }
    return member(reply, "/result");
}

std::vector<json::value> Gateway::list(std::string_view verb, json::object body) {
    std::vector<json::value> items;
    body["limit"] = 1000;
    while (true) {
        const auto page = request(verb, body);
        const auto& found = member(page, "/items").as_array();
        items.insert(items.end(), found.begin(), found.end());
        if (member(page, "/next").is_null()) {
            return items;
        }
        body["cursor"] = member(page, "/next");
    }
}

json::value Gateway::job(std::int64_t job) {
    return request("job/get", {{"job", job}});
}

json::value Gateway::await_job(std::int64_t number, std::string_view status, Milliseconds patience) {
    json::value last;
    const auto reached = [&] {
        last = job(number);
        return text(last, "/status") == status;
    };
    if (!eventually(reached, patience)) {
        std::string pending;  // and why, and how often it was sent what it should do
        for (const auto& execution : list("job/devices", {{"job", number}, {"status", "Pending"}})) {
            pending += '\n' + json::serialize(execution);
        }
        throw std::runtime_error("the job never was " + std::string(status) + ": " + json::serialize(last) +
                                 pending);
    }
    return last;
}

void Gateway::await_count(std::int64_t number, const std::string& count, std::int64_t least) {
    json::value last;
    const bool reached = eventually([&] {
        last = job(number);
        return test::number(last, "/tally/" + count) >= least;
    });
    if (!reached) {
        throw std::runtime_error("the tally never got there: " + json::serialize(last));
    }
}

void Gateway::publish(const std::string& topic, const std::string& payload, bool retain) {
    const auto file = files_ / "payload";
    write_file(file, payload);
    auto command = with_broker({"mosquitto_pub", "-q", "1", "-t", topic}, broker_.url());
    if (payload.empty()) {
        command.emplace_back("-n");
    } else {
        command = joined(std::move(command), {"-f", file.string()});
    }
    if (retain) {
        command.emplace_back("-r");
    }
    if (const auto finished = run(command); finished.exit_code != 0) {
        throw std::runtime_error("mosquitto_pub failed: " + finished.errors);
    }
}

Simulator::Simulator(Gateway& gateway, std::size_t devices, std::vector<std::string> options)
    : process_(simulator_command(gateway.broker().url(), devices, options, directory_),
               directory_ / "output") {
    const auto ready = directory_ / "ready";
    if (!eventually([&] { return std::filesystem::exists(ready) || !process_.running(); }) ||
        !process_.running()) {
        throw std::runtime_error("muster-sim did not get ready:\n" + process_.output());
    }
    const auto known = [&] {
        const auto status = gateway.request("status");
        return number(status, "/devices/total") >= static_cast<std::int64_t>(devices);
    };
    if (!eventually(known)) {
        throw std::runtime_error("musterd does not know all devices:\n" + process_.output());
    }
}

json::value Simulator::stop() {
    process_.signal(SIGTERM);
    if (process_.wait() != 0) {
        throw std::runtime_error("muster-sim did not end well:\n" + process_.output());
    }
    return parse(read_file(directory_ / "statistics"));
}

}  // namespace muster::test
