#include "device-sim/options.hpp"

#include "device-sim/model/device_kind.hpp"
#include "protocol/ids.hpp"
#include "protocol/limits.hpp"
#include "protocol/topics.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

namespace muster::sim {
namespace {

constexpr std::size_t kMostConnections = 1000;
constexpr std::int64_t kLongestDurationSeconds = 30 * 24 * 3600;
constexpr int kUsageError = 1;

// As typed; what they mean is decided in one place, so that all mistakes can be told.
struct RawOptions {
    std::string broker = "mqtt://127.0.0.1:1883";
    std::string mqtt_version = "5";
    std::string root = "muster/v1";
    std::string user;
    std::string password_file;
    TlsFiles tls;
    std::size_t devices = 0;
    std::string template_name;
    std::string prefix;
    std::uint64_t seed = 1;
    std::vector<std::string> tags;
    std::string connections = "each";
    std::string offline = "0";
    std::string reject = "0";
    std::string text_acks = "0";
    std::string drop = "0";
    std::string drop_moment = "either";
    std::string duplicate = "0";
    std::string not_now = "0";
    std::string malformed = "0";
    std::string delay = "0";
    std::string churn;
    std::string away = "1..5";
    bool progress = false;
    bool forget = false;
    std::string stats_file;
    std::string ready_file;
    std::int64_t duration_seconds = 0;
};

void declare_fleet(CLI::App& app, RawOptions& raw) {
    app.add_option("--devices", raw.devices, "How many devices")
        ->type_name("N")
        ->required()
        ->check(CLI::Range(std::size_t{1}, limits::kDevices));
    app.add_option("--template", raw.template_name, "Their template, such as refrigerator")
        ->type_name("TEMPLATE")
        ->required();
    app.add_option("--prefix", raw.prefix,
                   "What the device ids begin with (refrigerator: fridge-, else device-); a number follows")
        ->type_name("PREFIX");
    app.add_option("--seed", raw.seed, "The same seed gives the same devices with the same faults")
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--tags", raw.tags,
                   "KEY=V1|V2|V3: each device has one of the values (repeatable; "
                   "refrigerator: site and floor)")
        ->type_name("KEY=V1|V2");
    app.add_flag("--forget", raw.forget,
                 "The devices remember no operation ids, say so, and execute a repeat again");
}

void declare_connection(CLI::App& app, RawOptions& raw) {
    app.add_option("--broker", raw.broker, "mqtt://HOST[:PORT], or encrypted mqtts://HOST[:PORT]")
        ->type_name("URL")
        ->capture_default_str();
    app.add_option("--mqtt-version", raw.mqtt_version, "5 or 3.1.1")
        ->type_name("VERSION")
        ->check(CLI::IsMember({"5", "3.1.1"}))
        ->capture_default_str();
    app.add_option("--root", raw.root, "Topic root")->type_name("TOPIC")->capture_default_str();
    app.add_option(
           "--connections", raw.connections,
           "each: every device has its own connection and last will. A number: the devices share that "
           "many connections; if the simulator dies, no last will says that they are offline")
        ->type_name("each|N")
        ->capture_default_str();
    app.add_option("--user", raw.user, "User of shared connections (with 'each' the user is the device id)")
        ->type_name("USER");
    app.add_option("--password-file", raw.password_file, "File whose first line is the password")
        ->type_name("FILE");
    app.add_option("--ca-file", raw.tls.ca_file,
                   "Certificates to trust with mqtts:// (default: the system's)")
        ->type_name("FILE");
    app.add_option("--certificate-file", raw.tls.certificate_file,
                   "Certificate to show to an mqtts:// broker; {id} in the path stands for the device id "
                   "(with --connections each)")
        ->type_name("FILE");
    app.add_option("--key-file", raw.tls.key_file, "Its private key; likewise")->type_name("FILE");
}

void declare_faults(CLI::App& app, RawOptions& raw) {
    app.add_option("--offline", raw.offline, "Of the devices: registered, but never online")
        ->type_name("P%")
        ->group("Faults");
    app.add_option(
           "--reject", raw.reject,
           "Of the devices, taken from those online: refuse every operation, the same ones in each run")
        ->type_name("P%")
        ->group("Faults");
    app.add_option("--text-acks", raw.text_acks, "Of the devices: answer in plain text")
        ->type_name("P%")
        ->group("Faults");
    app.add_option("--drop", raw.drop, "Of the messages: not answered")->type_name("P%")->group("Faults");
    app.add_option("--drop-moment", raw.drop_moment,
                   "Dropped before it is executed, after, or either by chance")
        ->type_name("WHEN")
        ->check(CLI::IsMember({"before", "after", "either"}))
        ->capture_default_str()
        ->group("Faults");
    app.add_option("--duplicate", raw.duplicate, "Of the acks: sent twice")->type_name("P%")->group("Faults");
    app.add_option("--not-now", raw.not_now, "Of the messages: answered 503, ask again in 1 to 3 s")
        ->type_name("P%")
        ->group("Faults");
    app.add_option("--malformed", raw.malformed, "Of the acks: garbage instead")
        ->type_name("P%")
        ->group("Faults");
    app.add_option("--delay", raw.delay, "Milliseconds from message to ack")
        ->type_name("MIN..MAX")
        ->group("Faults");
    app.add_flag("--progress", raw.progress, "Commands answer 202 with progress before they answer 200")
        ->group("Faults");
    app.add_option("--churn", raw.churn, "Seconds that a device stays online between disconnects")
        ->type_name("MIN..MAX")
        ->group("Faults");
    app.add_option("--away", raw.away, "Seconds that it is then away")
        ->capture_default_str()
        ->type_name("MIN..MAX")
        ->group("Faults");
}

void declare_run(CLI::App& app, RawOptions& raw) {
    app.add_option("--stats-file", raw.stats_file,
                   "JSON with what happened, per operation id too; written at the end and on SIGUSR1")
        ->type_name("FILE");
    app.add_option("--ready-file", raw.ready_file,
                   "Created when all devices are subscribed and registered at the broker")
        ->type_name("FILE");
    app.add_option("--duration", raw.duration_seconds, "Stop after so many seconds (default: on SIGTERM)")
        ->type_name("SECONDS")
        ->check(CLI::Range(std::int64_t{1}, kLongestDurationSeconds));
}

void declare(CLI::App& app, RawOptions& raw) {
    app.description("Any number of simulated devices, well- or badly-behaved, at an MQTT broker.");
    app.name("muster-sim");
    app.set_version_flag("--version", "muster-sim " MUSTER_VERSION);
    declare_fleet(app, raw);
    declare_connection(app, raw);
    declare_faults(app, raw);
    declare_run(app, raw);
}

// Collects values and mistakes.
class Reader {
public:
    template <class T>
    T take(std::string_view option, Result<T> result) {
        if (!result) {
            complain(option, result.error().message);
            return T{};
        }
        return *std::move(result);
    }
    void complain(std::string_view option, std::string_view message) {
        complaints_ += fmt::format("{}: {}\n", option, message);
    }
    [[nodiscard]] const std::string& complaints() const { return complaints_; }

private:
    std::string complaints_;
};

Faults read_faults(const RawOptions& raw, Reader& reader) {
    Faults faults;
    faults.offline = reader.take("--offline", parse_percent(raw.offline));
    faults.reject = reader.take("--reject", parse_percent(raw.reject));
    faults.text_acks = reader.take("--text-acks", parse_percent(raw.text_acks));
    faults.drop = reader.take("--drop", parse_percent(raw.drop));
    faults.duplicate = reader.take("--duplicate", parse_percent(raw.duplicate));
    faults.not_now = reader.take("--not-now", parse_percent(raw.not_now));
    faults.malformed = reader.take("--malformed", parse_percent(raw.malformed));
    const std::map<std::string, LossMoment> moments{
        {"before", LossMoment::before}, {"after", LossMoment::after}, {"either", LossMoment::either}};
    faults.drop_moment = moments.at(raw.drop_moment);
    faults.delay = reader.take("--delay", parse_range(raw.delay, Milliseconds(1)));
    faults.progress = raw.progress;
    if (!raw.churn.empty()) {
        faults.churn = reader.take("--churn", parse_range(raw.churn, Seconds(1)));
        if (faults.churn->least < Seconds(1)) {
            reader.complain("--churn", "a device stays for 1 second or longer");
        }
    }
    faults.away = reader.take("--away", parse_range(raw.away, Seconds(1)));
    return faults;
}

FleetOptions read_fleet(const RawOptions& raw, Reader& reader) {
    FleetOptions fleet;
    fleet.devices = raw.devices;
    fleet.template_name = raw.template_name;
    fleet.prefix = raw.prefix.empty() ? default_prefix(raw.template_name) : raw.prefix;
    fleet.seed = raw.seed;
    fleet.remembers = raw.forget ? std::uint16_t{0} : fleet.remembers;
    fleet.faults = read_faults(raw, reader);
    for (const std::string& text : raw.tags) {
        fleet.tags.push_back(reader.take("--tags", parse_tag(text)));
    }
    if (fleet.tags.empty()) {
        fleet.tags = default_tags(raw.template_name);
    }
    if (!is_plain_name(fleet.template_name, limits::kNameLength)) {
        reader.complain("--template", "letters, digits, '-' and '_' are wanted, 64 at most");
    }
    if (!is_plain_name(fmt::format("{}{}", fleet.prefix, fleet.devices), limits::kDeviceIdLength)) {
        reader.complain("--prefix", "letters, digits, '-' and '_' are wanted, 64 at most with the number");
    }
    return fleet;
}

std::optional<std::size_t> read_connections(const RawOptions& raw, Reader& reader) {
    if (raw.connections == "each") {
        if (!raw.user.empty()) {
            reader.complain("--user", "is for shared connections; with 'each' the user is the device id");
        }
        return std::nullopt;
    }
    const std::string& text = raw.connections;
    std::size_t connections = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), connections);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    if (!is_number || connections < 1 || connections > kMostConnections || connections > raw.devices) {
        reader.complain("--connections", fmt::format("'each' or 1 to {} is wanted, and not more than devices",
                                                     kMostConnections));
    }
    return connections;
}

Result<std::string> read_password(const std::string& path) {
    std::ifstream file(path);
    std::string password;
    if (!std::getline(file, password) || password.empty()) {
        return make_error(ErrorCode::invalid, fmt::format("{} has no password on its first line", path));
    }
    return password;
}

void check_tls(const RawOptions& raw, const Broker& broker, Reader& reader) {
    const TlsFiles& tls = raw.tls;
    if (!broker.tls && !(tls.ca_file + tls.certificate_file + tls.key_file).empty()) {
        reader.complain("--ca-file, --certificate-file, --key-file", "have no use without mqtts://");
    }
    if (tls.certificate_file.empty() != tls.key_file.empty()) {
        reader.complain("--certificate-file", "and --key-file are needed together");
    }
}

SimOptions read_options(const RawOptions& raw, Reader& reader) {
    SimOptions options;
    options.fleet = read_fleet(raw, reader);
    options.broker = reader.take("--broker", parse_broker(raw.broker));
    options.broker.version = raw.mqtt_version == "5" ? MqttVersion::v5 : MqttVersion::v311;
    options.broker.files = raw.tls;
    check_tls(raw, options.broker, reader);
    options.root = raw.root;
    if (const Result<Topics> topics = Topics::with_root(raw.root); !topics) {
        reader.complain("--root", topics.error().message);
    }
    options.connections = read_connections(raw, reader);
    options.user = raw.user;
    if (!raw.password_file.empty()) {
        options.password = reader.take("--password-file", read_password(raw.password_file));
    }
    options.stats_file = raw.stats_file;
    options.ready_file = raw.ready_file;
    if (raw.duration_seconds > 0) {
        options.duration = std::chrono::seconds(raw.duration_seconds);
    }
    return options;
}

}  // namespace

void show_options(const std::function<void(const CLI::App& app)>& visit) {
    CLI::App app;
    RawOptions raw;
    declare(app, raw);
    visit(app);
}

std::variant<SimOptions, EarlyExit> parse_options(int argc, const char* const* argv) {
    CLI::App app;
    RawOptions raw;
    declare(app, raw);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::ostringstream out;
        const bool asked = app.exit(error, out, out) == 0;
        return EarlyExit{asked ? 0 : kUsageError, out.str()};
    }
    Reader reader;
    SimOptions options = read_options(raw, reader);
    if (!reader.complaints().empty()) {
        return EarlyExit{kUsageError, reader.complaints()};
    }
    return options;
}

}  // namespace muster::sim
