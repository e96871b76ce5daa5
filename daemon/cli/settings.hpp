// What holds for every command: which broker, as whom, and how to print.
//
// Threads: plain values.
#pragma once

#include "daemon/cli/command.hpp"
#include "protocol/time.hpp"
#include "protocol/topics.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace muster::cli {

struct Settings {
    std::string broker = "mqtt://127.0.0.1:1883";
    std::string user;
    std::string password;
    std::string ca_file;                // empty: the system's
    std::string certificate_file;       // empty: none
    std::string key_file;               // empty: the certificate file holds the key too
    std::vector<std::string> warnings;  // for the person at the terminal
    Topics topics = Topics::standard();
    Milliseconds timeout{10'000};  // for each answer
    bool json = false;
};

using Environment = std::function<std::optional<std::string>(const char* name)>;

// Options win over MUSTER_BROKER, MUSTER_USER, MUSTER_PASSWORD_FILE,
// MUSTER_CA_FILE, MUSTER_CERTIFICATE_FILE, MUSTER_KEY_FILE, MUSTER_ROOT and
// MUSTER_TIMEOUT, those over the defaults. The
// user is by default $USER where that is a user name of SPEC 2.1, else
// "operator". Reads the password file.
[[nodiscard]] Outcome<Settings> resolve_settings(const Arguments& global, const Environment& environment);

}  // namespace muster::cli
