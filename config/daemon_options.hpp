// How musterd is configured: the options as plain values, and reading them
// from YAML and "--set". Every key, default, bound and sentence is a row of
// option_table.cpp; musterd.example.yaml is written from it.
//
// Threads: plain values and pure functions but for the reading of files.
#pragma once

#include "protocol/limits.hpp"
#include "protocol/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace muster::config {

// What a user may do; each may do all that the one before it may.
enum class Role : std::uint8_t { none, viewer, operator_role, admin };
enum class LogLevel : std::uint8_t { trace, debug, info, warning, error };
enum class LogFormat : std::uint8_t { text, json };

enum class WithoutTls : std::uint8_t { loopback, everywhere };
enum class MetricsAccess : std::uint8_t { token, everyone };

[[nodiscard]] std::string_view to_string(Role role) noexcept;  // "operator"
[[nodiscard]] std::string_view to_string(LogLevel level) noexcept;
[[nodiscard]] std::string_view to_string(LogFormat format) noexcept;
[[nodiscard]] std::string_view to_string(WithoutTls places) noexcept;
[[nodiscard]] std::string_view to_string(MetricsAccess access) noexcept;

struct BrokerOptions {
    std::vector<std::string> urls{"mqtt://127.0.0.1:1883"};
    std::string client_id = "muster";
    std::string user;              // empty: anonymous, unless there is a user_file
    std::string user_file;         // empty: none; read it with read_user
    std::string password_file;     // empty: none; read it with read_password
    std::string ca_file;           // empty: the system's
    std::string certificate_file;  // empty: none
    std::string key_file;
    std::chrono::seconds keep_alive{30};
    std::chrono::seconds connect_timeout{10};
    std::chrono::milliseconds reconnect_least{500};
    std::chrono::milliseconds reconnect_most{30'000};
    std::uint16_t window = 300;

    friend bool operator==(const BrokerOptions&, const BrokerOptions&) = default;
};

struct ProtocolOptions {
    std::string root = "muster/v1";

    friend bool operator==(const ProtocolOptions&, const ProtocolOptions&) = default;
};

struct StoreOptions {
    std::string path = "/var/lib/muster/muster.db";

    friend bool operator==(const StoreOptions&, const StoreOptions&) = default;
};

struct HttpOptions {
    std::string listen = "127.0.0.1:8620";  // empty: no HTTP
    std::vector<std::string> hosts;
    std::string certificate_file;  // empty: no TLS
    std::string key_file;
    WithoutTls without_tls = WithoutTls::loopback;
    std::string tokens_file;  // empty: none
    MetricsAccess metrics = MetricsAccess::token;
    std::size_t connections = 256;

    friend bool operator==(const HttpOptions&, const HttpOptions&) = default;
};

struct JobOptions {
    std::chrono::seconds timeout{86'400};
    std::chrono::seconds command_timeout{30};
    std::chrono::seconds resend_first{2};
    std::chrono::seconds resend_most{300};

    friend bool operator==(const JobOptions&, const JobOptions&) = default;
};

// Of what is over, from its end; 0: for ever.
struct RetentionOptions {
    std::chrono::days jobs{0};
    std::chrono::days audit{0};

    friend bool operator==(const RetentionOptions&, const RetentionOptions&) = default;
};

struct LimitOptions {
    std::size_t queue_events = 100'000;
    std::size_t batch_events = 500;
    std::size_t devices = limits::kDevices;

    friend bool operator==(const LimitOptions&, const LimitOptions&) = default;
};

struct LogOptions {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;

    friend bool operator==(const LogOptions&, const LogOptions&) = default;
};

struct DaemonOptions {
    BrokerOptions broker;
    ProtocolOptions protocol;
    StoreOptions store;
    HttpOptions http;
    JobOptions jobs;
    RetentionOptions retention;
    LimitOptions limits;
    std::map<std::string, Role, std::less<>> roles;  // by user name (SPEC 2.1)
    Role default_role = Role::none;                  // of everyone else
    LogOptions log;

    [[nodiscard]] Role role_of(std::string_view user) const;
    friend bool operator==(const DaemonOptions&, const DaemonOptions&) = default;
};

// Reads the file (none for an empty path), then each override, "KEY=VALUE"
// with a dotted key; the last for a key holds. Strict: unknown keys, wrong
// types, values out of range and keys that contradict each other are all named
// at once in the details, whose field is "musterd.yaml:12:3" or "--set KEY".
// Errors: invalid; not_found, unavailable or too_large for the file.
[[nodiscard]] Result<DaemonOptions> load(const std::string& path, const std::vector<std::string>& overrides);

// load() of a text; `source` is what places begin with.
[[nodiscard]] Result<DaemonOptions> parse_options(std::string_view text, const std::string& source,
                                                  const std::vector<std::string>& overrides);

// All of the configuration as YAML; parse_options() of it gives `options`.
[[nodiscard]] std::string print(const DaemonOptions& options);

// What musterd.example.yaml holds: every default, a sentence above each.
[[nodiscard]] std::string example();

// Keys that differ and that a running daemon cannot take over (on SIGHUP).
[[nodiscard]] std::vector<std::string> changed_needing_restart(const DaemonOptions& before,
                                                               const DaemonOptions& after);

}  // namespace muster::config
