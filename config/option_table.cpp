#include "config/option_table.hpp"

#include "config/option_checks.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <concepts>

namespace muster::config {
namespace {

// Texts of the enums, by value.
constexpr std::array<std::string_view, 4> kRoles{"none", "viewer", "operator", "admin"};
constexpr std::array<std::string_view, 5> kLogLevels{"trace", "debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> kLogFormats{"text", "json"};
constexpr std::array<std::string_view, 2> kWithoutTls{"loopback", "everywhere"};
constexpr std::array<std::string_view, 2> kMetricsAccess{"token", "everyone"};

constexpr std::span<const std::string_view> texts_of(Role) {
    return kRoles;
}
constexpr std::span<const std::string_view> texts_of(LogLevel) {
    return kLogLevels;
}
constexpr std::span<const std::string_view> texts_of(LogFormat) {
    return kLogFormats;
}
constexpr std::span<const std::string_view> texts_of(WithoutTls) {
    return kWithoutTls;
}
constexpr std::span<const std::string_view> texts_of(MetricsAccess) {
    return kMetricsAccess;
}

template <class Enum>
concept Choice = std::is_enum_v<Enum>;

// Values of the struct as JSON, and back. Back, each keeps the rule of its row.
boost::json::value to_value(const std::string& text) {
    return boost::json::string(text);
}
boost::json::value to_value(std::integral auto number) {
    return static_cast<std::int64_t>(number);
}
template <class Period>
boost::json::value to_value(std::chrono::duration<std::int64_t, Period> duration) {
    return duration.count();
}
boost::json::value to_value(Choice auto choice) {
    return boost::json::string(to_string(choice));
}
boost::json::value to_value(const std::vector<std::string>& texts) {
    return boost::json::array(texts.begin(), texts.end());
}
boost::json::value to_value(const std::map<std::string, Role, std::less<>>& roles) {
    boost::json::object object;
    for (const auto& [user, role] : roles) {
        object.emplace(user, to_value(role));
    }
    return object;
}

void from_value(const boost::json::value& value, std::string& text) {
    text = value.as_string();
}
template <std::integral Number>
void from_value(const boost::json::value& value, Number& number) {
    number = static_cast<Number>(value.as_int64());
}
template <class Period>
void from_value(const boost::json::value& value, std::chrono::duration<std::int64_t, Period>& duration) {
    duration = std::chrono::duration<std::int64_t, Period>(value.as_int64());
}
template <Choice Enum>
void from_value(const boost::json::value& value, Enum& choice) {
    const auto texts = texts_of(choice);
    const auto found = std::find(texts.begin(), texts.end(), std::string_view(value.as_string()));
    MUSTER_INVARIANT(found != texts.end());
    choice = static_cast<Enum>(found - texts.begin());
}
void from_value(const boost::json::value& value, std::vector<std::string>& texts) {
    texts.clear();
    for (const boost::json::value& item : value.as_array()) {
        from_value(item, texts.emplace_back());
    }
}
void from_value(const boost::json::value& value, std::map<std::string, Role, std::less<>>& roles) {
    roles.clear();
    if (const auto* object = value.if_object()) {
        for (const auto& [user, role] : *object) {
            from_value(role, roles[user]);
        }
    }
}

// The member that a chain of member pointers leads to.
template <auto... members>
OptionField field() {
    return {[](const DaemonOptions& options) { return to_value((options.*....*members)); },
            [](DaemonOptions& options, const boost::json::value& value) {
                from_value(value, (options.*....*members));
            }};
}

bool speaks_tls(const DaemonOptions& options) {
    const auto& urls = options.broker.urls;
    return std::any_of(urls.begin(), urls.end(), [](const auto& url) { return url.starts_with("mqtts:"); });
}

constexpr std::int64_t kDay = 86'400;
constexpr TextRule kFilePath{4096, check_file};
constexpr TextRule kUrl{512, check_url};

constexpr std::array kSections{
    Section{
        "broker",
        "How musterd reaches the MQTT broker. What a reload changes is used from the next connection on."},
    Section{"protocol", "What is said over the broker."},
    Section{"store", "Where jobs, devices and results are kept."},
    Section{"http", "The HTTP API and the web console."},
    Section{"jobs",
            "What holds for jobs whose policy does not say otherwise, and how messages are repeated."},
    Section{"retention", "How long what is over is kept; what is older is removed a little at a time."},
    Section{"limits", "Bounds on what musterd takes on; each keeps its memory within a known size."},
    Section{"log", "What musterd writes to standard error."},
};

using Broker = BrokerOptions;
using Http = HttpOptions;
using Jobs = JobOptions;
constexpr auto kBroker = &DaemonOptions::broker;
constexpr auto kHttp = &DaemonOptions::http;
constexpr auto kJobs = &DaemonOptions::jobs;
constexpr auto kRetention = &DaemonOptions::retention;
constexpr auto kLimits = &DaemonOptions::limits;
constexpr auto kLog = &DaemonOptions::log;

// clang-format off
const std::array kOptions{
    Option{"broker.urls", TextListRule{1, 8, kUrl}, field<kBroker, &Broker::urls>(), Reload::needs_restart,
           "Brokers, tried in turn until one answers: mqtt://host[:1883], or encrypted mqtts://host[:8883]."},
    Option{"broker.client_id", TextRule{100}, field<kBroker, &Broker::client_id>(), Reload::needs_restart,
           "What the client ids begin with: musterd makes three connections and adds -pub, -sub and "
           "-state. No other client of the broker may have the same. Empty: the broker chooses."},
    Option{"broker.user", TextRule{256}, field<kBroker, &Broker::user>(), Reload::yes,
           "User name at the broker. Empty: anonymous, or the one of broker.user_file."},
    Option{"broker.user_file", kFilePath, field<kBroker, &Broker::user_file>(), Reload::yes,
           "File that holds the user name at the broker and nothing else, for where it comes with the password; in "
           "place of broker.user."},
    Option{"broker.password_file", kFilePath, field<kBroker, &Broker::password_file>(), Reload::yes,
           "File that holds the password of the user and nothing else; a password never stands in this file. "
           "Empty: no password."},
    Option{"broker.ca_file", kFilePath, field<kBroker, &Broker::ca_file>(), Reload::yes,
           "Certificate authorities (PEM) that a broker's mqtts certificate is checked against, with its host "
           "name. Empty: those of the system."},
    Option{"broker.certificate_file", kFilePath, field<kBroker, &Broker::certificate_file>(), Reload::yes,
           "Certificate (PEM) that musterd shows to an mqtts broker. Empty: none."},
    Option{"broker.key_file", kFilePath, field<kBroker, &Broker::key_file>(), Reload::yes,
           "Private key (PEM) of broker.certificate_file."},
    Option{"broker.keep_alive_seconds", IntegerRule{5, 3600}, field<kBroker, &Broker::keep_alive>(),
           Reload::needs_restart,
           "A silent connection is found dead after about one and a half times this long."},
    Option{"broker.connect_timeout_seconds", IntegerRule{1, 300}, field<kBroker, &Broker::connect_timeout>(),
           Reload::needs_restart,
           "How long one attempt to connect may take."},
    Option{"broker.reconnect_least_milliseconds", IntegerRule{50, 60'000}, field<kBroker, &Broker::reconnect_least>(),
           Reload::needs_restart,
           "Pause before connecting again; it doubles with each attempt that fails, up to "
           "broker.reconnect_most_milliseconds."},
    Option{"broker.reconnect_most_milliseconds", IntegerRule{50, 3'600'000}, field<kBroker, &Broker::reconnect_most>(),
           Reload::needs_restart,
           "Longest pause before connecting again."},
    Option{"broker.window", IntegerRule{1, 60'000}, field<kBroker, &Broker::window>(), Reload::needs_restart,
           "Most messages that the broker has not confirmed yet; a few hundred is fastest. A broker that states a "
           "lower Receive Maximum is obeyed."},

    Option{"protocol.root", TextRule{limits::kTopicRootLength, check_root},
           field<&DaemonOptions::protocol, &ProtocolOptions::root>(), Reload::needs_restart,
           "What all topics begin with. Devices, clients and the broker's access list have to use the same."},

    Option{"store.path", TextRule{4096, check_not_empty}, field<&DaemonOptions::store, &StoreOptions::path>(),
           Reload::needs_restart,
           "Database file; it is created when it is missing, its folder is not."},

    Option{"http.listen", TextRule{300, check_listen}, field<kHttp, &Http::listen>(), Reload::needs_restart,
           "Address and port to listen on, such as 127.0.0.1:8620 or [::1]:8620; port 0 takes any that is free. "
           "Empty: no HTTP."},
    Option{"http.hosts", TextListRule{0, 16, TextRule{253, check_host}}, field<kHttp, &Http::hosts>(),
           Reload::needs_restart,
           "Names by which browsers and scripts reach this machine, beside the address itself and localhost; a "
           "request for any other host is refused, so that no foreign page can talk to muster under a name of "
           "its own."},
    Option{"http.certificate_file", kFilePath, field<kHttp, &Http::certificate_file>(), Reload::yes,
           "Certificate chain (PEM) to serve HTTPS with; after a reload new connections get the new one. Empty: HTTP "
           "without encryption; to change between the two needs a restart."},
    Option{"http.key_file", kFilePath, field<kHttp, &Http::key_file>(), Reload::yes,
           "Private key (PEM) of http.certificate_file."},
    Option{"http.without_tls", ChoiceRule{kWithoutTls}, field<kHttp, &Http::without_tls>(), Reload::needs_restart,
           "Where HTTP may be served without TLS: on loopback, or everywhere, which lets whoever is on the way "
           "read tokens, and is right only behind a proxy or in a network namespace."},
    Option{"http.tokens_file", kFilePath, field<kHttp, &Http::tokens_file>(), Reload::yes,
           "File of the bearer tokens that scripts and Prometheus use, as muster token new writes it; looked at "
           "again whenever it changes. Empty: none, and only muster console lets people in."},
    Option{"http.metrics", ChoiceRule{kMetricsAccess}, field<kHttp, &Http::metrics>(), Reload::needs_restart,
           "Who may read /metrics: holders of a token, or all who reach the port."},
    Option{"http.connections", IntegerRule{8, 10'000}, field<kHttp, &Http::connections>(), Reload::needs_restart,
           "Most connections at once, of which a quarter may follow events; more are refused."},

    Option{"jobs.timeout_seconds", IntegerRule{1, limits::kTimeoutSeconds}, field<kJobs, &Jobs::timeout>(),
           Reload::needs_restart,
           "How long a device may take for settings or properties, being offline included, until it has Failed "
           "with reason timeout."},
    Option{"jobs.command_timeout_seconds", IntegerRule{1, limits::kTimeoutSeconds},
           field<kJobs, &Jobs::command_timeout>(), Reload::needs_restart,
           "The same for commands, where the template does not say otherwise."},
    Option{"jobs.resend_first_seconds", IntegerRule{1, 3600}, field<kJobs, &Jobs::resend_first>(),
           Reload::needs_restart,
           "A message that a device has not answered is sent again after this long, then after twice as long each "
           "time, up to jobs.resend_most_seconds; later while answers queue up in a broker that is busy."},
    Option{"jobs.resend_most_seconds", IntegerRule{1, kDay}, field<kJobs, &Jobs::resend_most>(), Reload::needs_restart,
           "Longest pause before a message is sent again."},

    Option{"retention.jobs_days", IntegerRule{0, 36'500}, field<kRetention, &RetentionOptions::jobs>(), Reload::yes,
           "Jobs that are Completed or Failed are deleted so many days after their end, with their results. Saved "
           "and Stopped jobs stay: a Stopped one may still be run again. 0: nothing is deleted."},
    Option{"retention.audit_days", IntegerRule{0, 36'500}, field<kRetention, &RetentionOptions::audit>(), Reload::yes,
           "Entries of the audit log are removed after so many days, but the newest. 0: none is."},

    Option{"limits.queue_events", IntegerRule{1000, 10'000'000}, field<kLimits, &LimitOptions::queue_events>(),
           Reload::needs_restart,
           "Messages and requests waiting to be worked on; what comes in above that is refused, and counted."},
    Option{"limits.batch_events", IntegerRule{1, 100'000}, field<kLimits, &LimitOptions::batch_events>(),
           Reload::needs_restart,
           "Most of them that one commit to the store covers: more is faster, less answers sooner."},
    Option{"limits.devices", IntegerRule{1, limits::kDevices}, field<kLimits, &LimitOptions::devices>(),
           Reload::needs_restart,
           "Devices in the registry; the birth message of one more is refused, and counted."},

    Option{"roles", ChoiceMapRule{TextRule{limits::kUserNameLength, check_user}, ChoiceRule{kRoles}},
           field<&DaemonOptions::roles>(), Reload::yes,
           "What each user may do, by the user name of the broker. A viewer sees everything and changes nothing; an "
           "operator also makes, runs and stops jobs; an admin also changes devices, device sets and templates. "
           "For example {anna: admin, panel: viewer}. The name is the one in the topic of a request, so it proves "
           "something only if the broker asks for passwords and its access list holds each user to its own topics "
           "(SPEC 6.1)."},
    Option{"default_role", ChoiceRule{kRoles}, field<&DaemonOptions::default_role>(), Reload::yes,
           "The role of every user that is not in roles. With none, nobody can do anything until roles names "
           "somebody: leave it so unless everyone who reaches the broker may."},

    Option{"log.level", ChoiceRule{kLogLevels}, field<kLog, &LogOptions::level>(), Reload::yes,
           "The least that is written."},
    Option{"log.format", ChoiceRule{kLogFormats}, field<kLog, &LogOptions::format>(), Reload::needs_restart,
           "Lines for people, or one JSON object a line for machines."},
};

const std::array kAgreements{
    Agreement{"broker.reconnect_least_milliseconds", "broker.reconnect_most_milliseconds",
              [](const DaemonOptions& o) { return o.broker.reconnect_least <= o.broker.reconnect_most; },
              "is more than broker.reconnect_most_milliseconds"},
    Agreement{"jobs.resend_first_seconds", "jobs.resend_most_seconds",
              [](const DaemonOptions& o) { return o.jobs.resend_first <= o.jobs.resend_most; },
              "is more than jobs.resend_most_seconds"},
    Agreement{"limits.batch_events", "limits.queue_events",
              [](const DaemonOptions& o) { return o.limits.batch_events <= o.limits.queue_events; },
              "is more than limits.queue_events"},
    Agreement{"broker.certificate_file", "broker.key_file",
              [](const DaemonOptions& o) { return o.broker.certificate_file.empty() == o.broker.key_file.empty(); },
              "and broker.key_file are needed together"},
    Agreement{"http.certificate_file", "http.key_file",
              [](const DaemonOptions& o) { return o.http.certificate_file.empty() == o.http.key_file.empty(); },
              "and http.key_file are needed together"},
    Agreement{"http.listen", "http.without_tls",
              [](const DaemonOptions& o) {
                  return o.http.listen.empty() || !o.http.certificate_file.empty() ||
                         o.http.without_tls == WithoutTls::everywhere || is_loopback(o.http.listen);
              },
              "is reached by other machines, and without TLS tokens could be read on the way: set "
              "http.certificate_file and http.key_file, or http.without_tls: everywhere"},
    Agreement{"broker.password_file", "broker.user",
              [](const DaemonOptions& o) {
                  return o.broker.password_file.empty() || !o.broker.user.empty() || !o.broker.user_file.empty();
              },
              "needs broker.user or broker.user_file"},
    Agreement{"broker.user", "broker.user_file",
              [](const DaemonOptions& o) { return o.broker.user.empty() || o.broker.user_file.empty(); },
              "and broker.user_file say the same: give one of them"},
    Agreement{"broker.ca_file", "broker.urls",
              [](const DaemonOptions& o) { return o.broker.ca_file.empty() || speaks_tls(o); },
              "has no use: no address in broker.urls begins with mqtts://"},
    Agreement{"broker.certificate_file", "broker.urls",
              [](const DaemonOptions& o) { return o.broker.certificate_file.empty() || speaks_tls(o); },
              "has no use: no address in broker.urls begins with mqtts://"},
};
// clang-format on

}  // namespace

std::string_view to_string(Role role) noexcept {
    return kRoles[static_cast<std::size_t>(role)];
}
std::string_view to_string(LogLevel level) noexcept {
    return kLogLevels[static_cast<std::size_t>(level)];
}
std::string_view to_string(LogFormat format) noexcept {
    return kLogFormats[static_cast<std::size_t>(format)];
}
std::string_view to_string(WithoutTls places) noexcept {
    return kWithoutTls[static_cast<std::size_t>(places)];
}
std::string_view to_string(MetricsAccess access) noexcept {
    return kMetricsAccess[static_cast<std::size_t>(access)];
}

std::string_view Option::section() const noexcept {
    const std::size_t dot = key.find('.');
    return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

std::string_view Option::name() const noexcept {
    return key.substr(key.find('.') + 1);
}

std::span<const Option> option_table() noexcept {
    return kOptions;
}
std::span<const Section> section_table() noexcept {
    return kSections;
}
std::span<const Agreement> agreement_table() noexcept {
    return kAgreements;
}

const Option* find_option(std::string_view key) noexcept {
    const auto found = std::find_if(kOptions.begin(), kOptions.end(),
                                    [&](const Option& option) { return option.key == key; });
    return found == kOptions.end() ? nullptr : &*found;
}

}  // namespace muster::config
