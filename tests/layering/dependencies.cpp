#include "tests/layering/dependencies.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <regex>
#include <set>

namespace muster::layering {
namespace {

struct Edges {
    std::string_view folder;
    std::vector<std::string_view> may_include;  // beside the folder itself
};

// The longest matching folder counts. Tests may include anything.
const std::vector<Edges>& edges() {
    static const std::vector<Edges> table{
        // clang-format off
        {"protocol/",            {}},
        {"config/",              {"protocol/"}},
        {"daemon/core/",         {"protocol/"}},
        {"daemon/store/",        {"daemon/core/", "protocol/"}},
        {"daemon/store/sqlite/", {"daemon/store/", "daemon/core/", "protocol/"}},
        {"daemon/mqtt/",         {"protocol/"}},
        {"daemon/api/",          {"daemon/core/", "daemon/store/", "protocol/"}},
        {"daemon/http/",         {"daemon/api/", "daemon/core/", "daemon/store/", "protocol/"}},
        {"daemon/runtime/",      {"daemon/api/", "daemon/core/", "daemon/store/", "daemon/mqtt/", "protocol/"}},
        {"daemon/cli/",          {"daemon/mqtt/", "config/", "protocol/"}},
        {"daemon/main.cpp",      {"daemon/program"}},
        {"daemon/program",       {"daemon/runtime/", "daemon/http/", "daemon/api/", "daemon/core/", "daemon/store/", "daemon/store/sqlite/",
                                  "daemon/mqtt/", "config/", "protocol/"}},
        {"device-sim/",          {"device-sim/model/", "protocol/"}},
        {"device-sim/model/",    {"protocol/"}},
        {"systemd/manual/",      {"daemon/cli/", "daemon/program", "device-sim/", "config/", "protocol/"}},
        {"tests/",               {""}},
        // clang-format on
    };
    return table;
}

struct Library {
    std::string_view header;  // how the name between < and > begins
    std::vector<std::string_view> known_to;
};

const std::vector<Library>& libraries() {
    static const std::vector<Library> table{
        // clang-format off
        {"mqtt/",      {"daemon/mqtt/paho_"}},
        {"MQTT",       {"daemon/mqtt/paho_", "tests/bench/"}},
        {"openssl/",   {"daemon/mqtt/broker_probe.cpp"}},
        {"sqlite3",    {"daemon/store/sqlite/", "tests/"}},
        {"yaml-cpp/",  {"config/"}},
        {"mosquitto",  {"device-sim/mosquitto_session.", "tests/"}},
        {"valijson/",  {"daemon/core/schema.cpp", "tests/"}},
        {"spdlog/",    {"daemon/runtime/", "daemon/program.cpp", "tests/"}},
        {"boost/asio", {"device-sim/", "daemon/runtime/", "daemon/program.cpp", "daemon/http/connection",
                        "daemon/http/server.", "tests/"}},
        {"boost/beast", {"daemon/http/connection", "tests/bench/http_client."}},
        {"prometheus/", {"daemon/http/prometheus.cpp"}},
        {"sodium",     {"protocol/ids.cpp", "daemon/core/digest.cpp", "daemon/store/sqlite/", "daemon/api/console_token.cpp",
                        "daemon/http/downloads.cpp", "config/token_file.cpp", "tests/"}},
        {"doctest/",   {"tests/"}},
        {"rapidcheck", {"tests/"}},
        {"benchmark/", {"tests/"}},
        // clang-format on
    };
    return table;
}

constexpr std::array<std::string_view, 3> kPure{"protocol/", "daemon/core/", "device-sim/model/"};
constexpr std::array<std::string_view, 11> kImpureHeaders{
    "thread",   "mutex",   "shared_mutex", "condition_variable", "future",     "atomic",
    "iostream", "fstream", "filesystem",   "boost/asio",         "boost/beast"};

// A count of owners, as of std::shared_ptr: threads may share what it counts, it starts none.
bool is_owner_count(const SourceFile& file, std::string_view header) {
    return header == "atomic" && file.path == "daemon/core/shared_text.hpp";
}

bool is_below_any(const SourceFile& file, const auto& prefixes) {
    return std::ranges::any_of(prefixes, [&](auto prefix) { return file.is_below(prefix); });
}

struct Include {
    std::size_t line;
    bool quoted;
    std::string name;
};

std::vector<Include> includes_of(const SourceFile& file) {
    static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]*)[>"])");
    std::vector<Include> found;
    for (std::size_t index = 0; index < file.code.size(); ++index) {
        std::smatch match;
        const auto& line = file.lines[index];
        if (file.code[index].find("include") != std::string::npos &&
            std::regex_search(line, match, pattern)) {
            found.push_back({index + 1, match[1].str() == "\"", match[2].str()});
        }
    }
    return found;
}

const Edges* edges_of(std::string_view path) {
    const Edges* longest = nullptr;
    for (const auto& candidate : edges()) {
        if (path.starts_with(candidate.folder) &&
            (longest == nullptr || candidate.folder.size() > longest->folder.size())) {
            longest = &candidate;
        }
    }
    return longest;
}

std::optional<std::string> complaint(const Edges& from, const Include& include,
                                     const std::set<std::string>& paths) {
    if (!paths.contains(include.name)) {
        return "includes \"" + include.name + "\", which is no file by its path from the root";
    }
    const auto* to = edges_of(include.name);
    const bool own = to == &from;
    const auto allowed = [&](std::string_view folder) {
        return folder.empty() || (to && to->folder == folder);
    };
    if (own || std::ranges::any_of(from.may_include, allowed)) {
        return std::nullopt;
    }
    return std::string(from.folder) + " may not include \"" + include.name + "\"";
}

}  // namespace

Findings check_include_edges(const Tree& tree) {
    std::set<std::string> paths;
    std::ranges::transform(tree, std::inserter(paths, paths.end()), &SourceFile::path);
    Findings findings;
    for (const auto& file : tree) {
        if (!file.is_cpp()) {
            continue;
        }
        const auto* from = edges_of(file.path);
        if (from == nullptr) {
            findings.push_back({file.path, 1, "this folder has no line in the table of include edges"});
            continue;
        }
        for (const auto& include : includes_of(file)) {
            if (const auto wrong = include.quoted ? complaint(*from, include, paths) : std::nullopt) {
                findings.push_back({file.path, include.line, *wrong});
            }
        }
    }
    return findings;
}

Findings check_libraries(const Tree& tree) {
    Findings findings;
    for (const auto& file : tree) {
        for (const auto& include : includes_of(file)) {
            for (const auto& library : libraries()) {
                if (include.name.starts_with(library.header) && !include.quoted &&
                    !is_below_any(file, library.known_to)) {
                    findings.push_back({file.path, include.line, "may not include <" + include.name + ">"});
                }
            }
        }
    }
    return findings;
}

Findings check_purity(const Tree& tree) {
    static const std::regex clock_or_environment(
        R"(::now\s*\(|\b(getenv|gettimeofday|clock_gettime|random_device)\b)");
    Findings findings;
    for (const auto& file : tree) {
        if (!is_below_any(file, kPure)) {
            continue;
        }
        for (const auto& include : includes_of(file)) {
            if (std::ranges::find(kImpureHeaders, include.name) != kImpureHeaders.end() &&
                !is_owner_count(file, include.name)) {
                findings.push_back(
                    {file.path, include.line, "a pure folder may not include <" + include.name + ">"});
            }
        }
        for (std::size_t index = 0; index < file.code.size(); ++index) {
            if (std::regex_search(file.code[index], clock_or_environment)) {
                findings.push_back({file.path, index + 1, "a pure folder is given the time, it never asks"});
            }
        }
    }
    return findings;
}

}  // namespace muster::layering
