#include "daemon/cli/settings.hpp"

#include "config/files.hpp"
#include "daemon/cli/values.hpp"
#include "protocol/ids.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

namespace muster::cli {
namespace {

constexpr const char* kDefaultUser = "operator";

std::string default_user(const Environment& environment) {
    const std::string name = environment("USER").value_or("");
    return is_plain_name(name, limits::kUserNameLength) ? name : kDefaultUser;
}

void warn_if_exposed(Settings& settings, const std::string& path) {
    if (const auto exposed = config::exposed_to_others(path)) {
        settings.warnings.push_back(*exposed);
    }
}

}  // namespace

Outcome<Settings> resolve_settings(const Arguments& global, const Environment& environment) {
    const auto given = [&](std::string_view option, const char* variable) {
        return global.has(option) ? std::optional(global.one(option)) : environment(variable);
    };
    Settings settings;
    settings.json = global.has("json");
    settings.broker = given("broker", "MUSTER_BROKER").value_or(settings.broker);
    settings.user = given("user", "MUSTER_USER").value_or(default_user(environment));
    settings.ca_file = given("ca-file", "MUSTER_CA_FILE").value_or("");
    settings.certificate_file = given("certificate-file", "MUSTER_CERTIFICATE_FILE").value_or("");
    settings.key_file = given("key-file", "MUSTER_KEY_FILE").value_or("");
    warn_if_exposed(settings, settings.key_file);
    for (const char* option : {"ca-file", "certificate-file", "key-file"}) {
        if (global.has(option) && !settings.broker.starts_with("mqtts:")) {
            return usage_failure(fmt::format("--{} has no use with {}, which is not encrypted; give mqtts://",
                                             option, settings.broker));
        }
    }
    if (!is_plain_name(settings.user, limits::kUserNameLength)) {
        return usage_failure(fmt::format(
            "user \"{}\": 1 to {} letters, digits, '-' and '_' are allowed, beginning with a letter or digit",
            settings.user, limits::kUserNameLength));
    }
    if (const auto root = given("root", "MUSTER_ROOT")) {
        auto topics = Topics::with_root(*root);
        if (!topics) {
            return usage_failure(fmt::format("--root {}: {}", *root, topics.error().message));
        }
        settings.topics = std::move(*topics);
    }
    if (const auto timeout = given("timeout", "MUSTER_TIMEOUT")) {
        const auto seconds = parse_duration(*timeout, "--timeout");
        if (!seconds) {
            return seconds.error();
        }
        settings.timeout = *seconds;
    }
    if (const auto path = given("password-file", "MUSTER_PASSWORD_FILE")) {
        auto password = config::read_password(*path);
        if (!password) {
            return usage_failure(password.error().message, password.error().details);
        }
        settings.password = std::move(*password);
        warn_if_exposed(settings, *path);
    }
    return settings;
}

}  // namespace muster::cli
