#include "tests/operations/exposition.hpp"

#include <array>
#include <regex>
#include <sstream>

namespace muster::test {
namespace {

// Given by Prometheus to whatever it scrapes; le belongs to histograms.
const std::set<std::string> kOfPrometheus{"job", "instance", "le"};

std::string base_name(const std::string& name, const Exposition& exported) {
    for (const std::string_view part : {"_bucket", "_sum", "_count"}) {
        if (name.ends_with(part)) {
            const auto base = name.substr(0, name.size() - part.size());
            if (const auto found = exported.find(base);
                found != exported.end() && found->second.type == "histogram") {
                return base;
            }
        }
    }
    return name;
}

struct Matcher {
    std::string label;
    std::string comparison;
    std::string value;
};

std::vector<Matcher> matchers_of(const std::string& braces) {
    static const std::regex matcher(R"re(([a-z_]+)\s*(=~|!~|!=|=)\s*"([^"]*)")re");
    std::vector<Matcher> found;
    for (std::sregex_iterator at(braces.begin(), braces.end(), matcher), end; at != end; ++at) {
        found.push_back({(*at)[1], (*at)[2], (*at)[3]});
    }
    return found;
}

std::string unknown_in(const Selector& selector, const Exposition& exported) {
    const auto found = exported.find(base_name(selector.metric, exported));
    if (found == exported.end()) {
        return selector.metric;
    }
    const auto& labels = found->second.labels;
    for (const auto& label : selector.labels) {
        if (!labels.contains(label) && !kOfPrometheus.contains(label)) {
            return selector.metric + "{" + label + "}";
        }
    }
    for (const auto& [label, value] : selector.equal) {
        const auto values = labels.find(label);
        if (values != labels.end() && !values->second.contains(value)) {
            return selector.metric + "{" + label + "=\"" + value + "\"}";
        }
    }
    return {};
}

}  // namespace

Exposition read_exposition(std::string_view text) {
    static const std::regex sample(R"(([a-z_]+)(\{.*\})? .*)");
    Exposition exported;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (line.starts_with("# TYPE ")) {
            std::istringstream words(line.substr(7));
            std::string name;
            words >> name;
            words >> exported[name].type;
        } else if (std::regex_match(line, match, sample)) {
            auto& labels = exported[base_name(match[1], exported)].labels;
            for (const auto& [label, comparison, value] : matchers_of(match[2])) {
                if (label != "le") {
                    labels[label].insert(value);
                }
            }
        }
    }
    return exported;
}

std::vector<Selector> selectors_of(const std::string& expression) {
    static const std::regex selector(R"(\b((?:muster|process)_[a-z_]+)(\{[^}]*\})?)");
    std::vector<Selector> found;
    for (std::sregex_iterator at(expression.begin(), expression.end(), selector), end; at != end; ++at) {
        Selector each{(*at)[1], {}, {}};
        for (const auto& [label, comparison, value] : matchers_of((*at)[2])) {
            each.labels.insert(label);
            if (comparison == "=") {
                each.equal.emplace_back(label, value);
            }
        }
        found.push_back(std::move(each));
    }
    return found;
}

std::set<std::string> grouped_by(const std::string& expression) {
    static const std::regex grouping(R"(\b(by|on|without|ignoring)\s*\(([^)]*)\))");
    static const std::regex name(R"([a-z_]+)");
    std::set<std::string> found;
    for (std::sregex_iterator at(expression.begin(), expression.end(), grouping), end; at != end; ++at) {
        const std::string names = (*at)[2];
        for (std::sregex_iterator each(names.begin(), names.end(), name); each != end; ++each) {
            found.insert(each->str());
        }
    }
    return found;
}

std::string unknown_in(const std::string& expression, const Exposition& exported) {
    std::set<std::string> labels = kOfPrometheus;
    for (const auto& selector : selectors_of(expression)) {
        if (auto unknown = unknown_in(selector, exported); !unknown.empty()) {
            return unknown;
        }
        for (const auto& [label, values] : exported.at(base_name(selector.metric, exported)).labels) {
            labels.insert(label);
        }
    }
    for (const auto& label : grouped_by(expression)) {
        if (!labels.contains(label)) {
            return "by (" + label + ")";
        }
    }
    return {};
}

}  // namespace muster::test
