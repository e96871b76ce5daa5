#include "config/daemon_options.hpp"

#include "config/option_table.hpp"
#include "config/suggest.hpp"
#include "config/yaml.hpp"
#include "config/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace muster::config {
namespace {

// Puts values into options, notes what is wrong, and where each key was set.
class Loader {
public:
    void read(const YamlFile& file) {
        if (!file.documents.empty()) {
            read_level(file.source, file.documents.front(), file.documents.front().position, "");
        }
    }

    void read(std::string_view override_text) {
        const std::size_t equals = override_text.find('=');
        if (first_bad_byte(override_text)) {
            note("--set", "what follows it is not text in UTF-8");
            return;
        }
        if (equals == std::string_view::npos) {
            note("--set", fmt::format("{} has no value; write KEY=VALUE", quoted(override_text)));
            return;
        }
        const std::string_view key = override_text.substr(0, equals);
        const Option* option = find_option(key);
        if (option == nullptr) {
            note("--set", is_section(key) ? fmt::format("{0} is not a key itself; write {0}.KEY=VALUE", key)
                                          : unknown(key));
            return;
        }
        const std::string where = fmt::format("--set {}", key);
        const Result<YamlNode> node = read_override(option->rule, override_text.substr(equals + 1));
        if (!node) {
            note(where, fmt::format("{} cannot be read: {}", key, reason(node.error())));
            return;
        }
        apply(*option, {}, node.value(), [&](Position) { return where; });
    }

    Result<DaemonOptions> finish(const std::string& source) {
        for (const Agreement& agreement : agreement_table()) {
            const bool readable = !broken_.contains(agreement.key) && !broken_.contains(agreement.other);
            if (readable && !agreement.holds(options_)) {
                note(place_of(agreement), fmt::format("{} {}", agreement.key, agreement.complaint));
            }
        }
        if (mistakes_.empty()) {
            return std::move(options_);
        }
        if (mistakes_.size() > kMostMistakes) {
            mistakes_.resize(kMostMistakes);
        }
        return mistakes_error(source, std::move(mistakes_));
    }

private:
    void note(std::string where, std::string message) {
        mistakes_.push_back({std::move(where), std::move(message)});
    }

    // `prefix`: "" for the top level, "broker." for what stands below broker.
    void read_level(const std::string& source, const YamlNode& node, Position position,
                    const std::string& prefix) {
        const auto* members = std::get_if<YamlNode::Mapping>(&node.value);
        if (members == nullptr) {
            // A section all of whose lines are commented out.
            if (!std::holds_alternative<std::nullptr_t>(node.value)) {
                note(place(source, position),
                     fmt::format("{} is {}; keys with values are expected",
                                 prefix.empty() ? source : prefix.substr(0, prefix.size() - 1),
                                 describe(node)));
            }
            return;
        }
        for (const YamlMember& member : *members) {
            read_member(source, member, prefix);
        }
    }

    void read_member(const std::string& source, const YamlMember& member, const std::string& prefix) {
        const std::string key = prefix + member.key;
        const Option* option = find_option(key);
        if (option != nullptr && option->name() == member.key) {
            apply(*option, member.position, member.node, [&](Position at) { return place(source, at); });
        } else if (prefix.empty() && is_section(key)) {
            read_level(source, member.node, member.position, key + ".");
        } else {
            note(place(source, member.position), option == nullptr
                                                     ? unknown(key)
                                                     : fmt::format("{} has to be written as {} below {}", key,
                                                                   option->name(), option->section()));
        }
    }

    template <class PlaceOf>
    void apply(const Option& option, Position position, const YamlNode& node, PlaceOf place_of) {
        std::vector<Mistake> broken = check(option.rule, option.key, position, node);
        for (Mistake& mistake : broken) {
            note(place_of(mistake.position), std::move(mistake.message));
        }
        if (broken.empty()) {
            option.field.set(options_, to_json(node));
            places_[option.key] = place_of(position);
        } else {
            broken_.insert(option.key);
        }
    }

    static bool is_section(std::string_view key) {
        const auto sections = section_table();
        return std::any_of(sections.begin(), sections.end(), [&](const Section& s) { return s.name == key; });
    }

    static std::string unknown(std::string_view key) {
        std::vector<std::string_view> names;
        for (const Section& section : section_table()) {
            names.push_back(section.name);
        }
        for (const Option& option : option_table()) {
            names.push_back(option.key);
        }
        const auto near = nearest(key, names);
        return fmt::format("there is no key {}{}", quoted(key),
                           near ? fmt::format("; did you mean {}?", *near) : "");
    }

    static std::string reason(const Error& error) {
        return error.details.empty() ? error.message : error.details.front().message;
    }

    // One of the two was set, since the defaults agree.
    std::string place_of(const Agreement& agreement) const {
        const auto first = places_.find(agreement.key);
        return first != places_.end() ? first->second : places_.at(agreement.other);
    }

    DaemonOptions options_;
    std::map<std::string_view, std::string> places_;
    std::set<std::string_view> broken_;  // keys with a value that was refused
    std::vector<ErrorDetail> mistakes_;
};

Result<DaemonOptions> load_file(const Result<YamlFile>& read, const std::vector<std::string>& overrides) {
    if (!read) {
        return read.error();
    }
    const YamlFile& file = read.value();
    Loader loader;
    loader.read(file);
    for (const std::string& text : overrides) {
        loader.read(std::string_view(text));
    }
    return loader.finish(file.source.empty() ? "the command line" : file.source);
}

}  // namespace

Role DaemonOptions::role_of(std::string_view user) const {
    const auto found = roles.find(user);
    return found == roles.end() ? default_role : found->second;
}

Result<DaemonOptions> load(const std::string& path, const std::vector<std::string>& overrides) {
    return load_file(path.empty() ? YamlFile{} : read_yaml(path, kConfigurationLimits), overrides);
}

Result<DaemonOptions> parse_options(std::string_view text, const std::string& source,
                                    const std::vector<std::string>& overrides) {
    return load_file(parse_yaml(text, source, kConfigurationLimits), overrides);
}

std::vector<std::string> changed_needing_restart(const DaemonOptions& before, const DaemonOptions& after) {
    std::vector<std::string> keys;
    for (const Option& option : option_table()) {
        if (option.reload == Reload::needs_restart && option.field.get(before) != option.field.get(after)) {
            keys.emplace_back(option.key);
        }
    }
    // What is served changes with the files, but not whether TLS is spoken at all.
    if (before.http.certificate_file.empty() != after.http.certificate_file.empty()) {
        keys.emplace_back("http.certificate_file");
    }
    return keys;
}

}  // namespace muster::config
