// The options as YAML: with sentences for musterd.example.yaml, bare for
// --print-config.
#include "config/daemon_options.hpp"
#include "config/option_table.hpp"
#include "config/yaml_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace muster::config {
namespace {

constexpr std::size_t kColumns = 100;

constexpr std::string_view kExampleHead =
    "Configuration of musterd. Every key may be left out; the values here are the defaults. A key that is "
    "not "
    "listed, a value of the wrong type or out of range is refused, with its place: musterd --config FILE "
    "--check-config says so without starting. Single keys are set on the command line with --set, such as "
    "--set broker.window=100. On SIGHUP the file is read again; keys marked (reload) are taken over then, "
    "the "
    "others when musterd starts. Instead of a path, every key that ends in _file takes credential:NAME, the "
    "credential that systemd gives to musterd under that name (LoadCredential=NAME:/its/path in the unit).";

// `text` as comment lines of at most kColumns, broken between words.
std::string comment(std::string_view text, std::string_view indent) {
    std::string lines;
    std::string line;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, space);
        if (!line.empty() && indent.size() + 2 + line.size() + word.size() > kColumns) {
            lines += fmt::format("{}#{}\n", indent, line);
            line.clear();
        }
        line += fmt::format(" {}", word);
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return lines + fmt::format("{}#{}\n", indent, line);
}

std::string write(std::string_view name, const boost::json::value& value, std::string_view indent) {
    std::string text = fmt::format("{}{}:", indent, name);
    if (const auto* items = value.if_array(); items != nullptr && !items->empty()) {
        text += '\n';
        for (const boost::json::value& item : *items) {
            text += fmt::format("{}  - {}\n", indent, write_scalar(item));
        }
    } else if (const auto* members = value.if_object(); members != nullptr && !members->empty()) {
        text += '\n';
        for (const auto& [key, member] : *members) {
            text += fmt::format("{}  {}: {}\n", indent, write_scalar(key), write_scalar(member));
        }
    } else {
        text += fmt::format(" {}\n", write_scalar(value));
    }
    return text;
}

std::string sentence(const Option& option) {
    const std::string range = allowed(option.rule);
    return fmt::format("{}{}{}", option.sentence, range.empty() ? "" : fmt::format(" Allowed: {}.", range),
                       option.reload == Reload::yes ? " (reload)" : "");
}

std::string write_all(const DaemonOptions& options, bool with_sentences) {
    std::string text;
    std::string_view section;
    for (const Option& option : option_table()) {
        const std::string_view indent = option.section().empty() ? "" : "  ";
        const bool opens = option.section() != section && !option.section().empty();
        section = option.section();
        if (with_sentences) {
            text += '\n';
        }
        if (opens) {
            const auto sections = section_table();
            const auto found = std::find_if(sections.begin(), sections.end(), [&](const Section& candidate) {
                return candidate.name == section;
            });
            MUSTER_INVARIANT(found != sections.end());
            text += with_sentences ? comment(found->sentence, "") : "";
            text += fmt::format("{}:\n", section);
        }
        text += with_sentences ? comment(sentence(option), indent) : "";
        text += write(option.name(), option.field.get(options), indent);
    }
    return text;
}

}  // namespace

std::string print(const DaemonOptions& options) {
    return write_all(options, false);
}

std::string example() {
    return comment(kExampleHead, "") + write_all(DaemonOptions{}, true);
}

}  // namespace muster::config
