// The one table of musterd's options. From its rows come reading, "--set",
// "--print-config", what a reload may change, and musterd.example.yaml.
//
// Threads: constant data.
#pragma once

#include "config/daemon_options.hpp"
#include "config/option_rules.hpp"

#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>

namespace muster::config {

// Whether a running daemon takes a new value over on SIGHUP.
enum class Reload { yes, needs_restart };

// An option as JSON: durations and sizes as integers in the unit of the key,
// choices as text. The default is what a DaemonOptions{} holds.
struct OptionField {
    boost::json::value (*get)(const DaemonOptions& options);
    void (*set)(DaemonOptions& options, const boost::json::value& value);  // keeps the rule
};

struct Option {
    std::string_view key;  // "broker.window", or "roles" without a section
    Rule rule;
    OptionField field;
    Reload reload;
    std::string_view sentence;

    [[nodiscard]] std::string_view section() const noexcept;  // "broker", or ""
    [[nodiscard]] std::string_view name() const noexcept;     // "window"
};

struct Section {
    std::string_view name;
    std::string_view sentence;
};

// Two options that must agree, where both keep their own rules.
struct Agreement {
    std::string_view key;  // named first in the message
    std::string_view other;
    bool (*holds)(const DaemonOptions& options);
    std::string_view complaint;  // follows `key`
};

// In the order in which they are printed, each section in one piece.
[[nodiscard]] std::span<const Option> option_table() noexcept;
[[nodiscard]] std::span<const Section> section_table() noexcept;
[[nodiscard]] std::span<const Agreement> agreement_table() noexcept;

// Null when there is no such option.
[[nodiscard]] const Option* find_option(std::string_view key) noexcept;

}  // namespace muster::config
