// musterd.yaml(5), from the table of options.
#include "config/daemon_options.hpp"
#include "config/option_table.hpp"
#include "config/yaml_text.hpp"
#include "systemd/manual/pages.hpp"
#include "systemd/manual/roff.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <regex>

namespace muster::manual {
namespace {

std::string type_of(const config::Rule& rule) {
    struct Words {
        std::string operator()(const config::IntegerRule& integer) const {
            return fmt::format("A number, {} to {}", integer.least, integer.most);
        }
        std::string operator()(const config::TextRule&) const { return "Text"; }
        std::string operator()(const config::TextListRule& list) const {
            return fmt::format("A list of {} to {} texts", list.least, list.most);
        }
        std::string operator()(const config::ChoiceRule& choice) const {
            return config::allowed(config::Rule(choice)).append(", one of these");
        }
        std::string operator()(const config::ChoiceMapRule& map) const {
            return "A mapping of names to " + config::allowed(config::Rule(map.value));
        }
    };
    return std::visit(Words{}, rule);
}

std::string default_of(const config::Option& option) {
    const boost::json::value value = option.field.get(config::DaemonOptions{});
    if (const auto* list = value.if_array()) {
        std::string text;
        for (const auto& item : *list) {
            text += (text.empty() ? "" : ", ") + config::write_scalar(item);
        }
        return fmt::format("`[{}]`", text);
    }
    if (value == boost::json::value("")) {
        return "empty";
    }
    return value.is_object() ? "`{}`" : fmt::format("`{}`", config::write_scalar(value));
}

// Keys that a sentence names stand out from it.
std::string with_keys_marked(std::string text) {
    for (const config::Option& option : config::option_table()) {
        if (!option.section().empty()) {
            const std::regex key("(^|[ (])(" +
                                 std::regex_replace(std::string(option.key), std::regex("\\."), "\\.") +
                                 ")(?![\\w.]*\\w)");
            text = std::regex_replace(text, key, "$1`$2`");
        }
    }
    return text;
}

void write(Page& page, const config::Option& option) {
    page.entry(bold(option.key), with_keys_marked(std::string(option.sentence)));
    page.continuation(fmt::format("{}; default {}.{}", type_of(option.rule), default_of(option),
                                  option.reload == config::Reload::yes ? " Taken over on SIGHUP." : ""));
}

}  // namespace

std::string configuration_page(const Edition& edition) {
    Page page({"musterd.yaml", 5, edition.date, "muster " + edition.version, "configuration of musterd"});
    page.section("DESCRIPTION");
    page.paragraph(
        "musterd.yaml is YAML. Every key may be left out; then its default holds. Keys are written below "
        "with "
        "their section and a dot: `broker.window` is the key window in the mapping broker.");
    page.example({"broker:", "  urls: [mqtt://127.0.0.1:1883]", "  window: 500", "roles:", "  anna: admin"});
    page.paragraph(
        "A key that is not listed here, a value of the wrong type or out of range is refused, with file, "
        "line "
        "and column, and all mistakes are told at once. To look for them before a restart:");
    page.example({"musterd --config /etc/muster/musterd.yaml --check-config"});
    page.paragraph(
        "On the command line, `--set broker.window=500` sets single keys. On SIGHUP the file is read again; "
        "keys for which it says so below are taken over then, all others when musterd starts.");
    std::string_view section = "-";
    for (const config::Option& option : config::option_table()) {
        if (option.section() != section) {
            section = option.section();
            page.section(section.empty() ? "WHO MAY DO WHAT" : section);
            for (const config::Section& row : config::section_table()) {
                if (row.name == section) {
                    page.paragraph(row.sentence);
                }
            }
        }
        write(page, option);
    }
    page.section("FILES");
    page.entry(bold("/etc/muster/musterd.yaml"), "The configuration of the service.");
    page.entry(bold("/usr/share/doc/musterd/examples/musterd.yaml"), "All keys with their defaults.");
    page.section("SEE ALSO");
    page.line(bold("musterd") + "(8),\n" + bold("muster") + "(1)");
    return page.text();
}

}  // namespace muster::manual
