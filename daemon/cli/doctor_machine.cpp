#include "daemon/cli/doctor_machine.hpp"

#include "config/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <unistd.h>

namespace muster::cli::checkup {
namespace {

namespace fs = std::filesystem;

// More than any file of /proc or configuration that is read here has.
constexpr std::size_t kMostBytes = 4 * 1024 * 1024;

std::string text_of_file(const fs::path& path) {
    const auto text = config::read_file(path.string(), kMostBytes);
    return text ? *text : std::string();
}

std::string line_of_file(const fs::path& path) {
    std::string text = text_of_file(path);
    return text.substr(0, text.find('\n'));
}

int process_of(const fs::path& directory) {
    const std::string name = directory.filename();
    int id = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    return error == std::errc{} && stop == name.data() + name.size() ? id : 0;
}

// "socket:[1234]" of each socket that listens on the port.
std::vector<std::string> listening(std::uint16_t port) {
    std::vector<std::string> found;
    const std::string suffix = fmt::format(":{:04X}", port);
    for (const auto* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::istringstream lines(text_of_file(table));
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::array<std::string, 10> columns;
            for (auto& column : columns) {
                words >> column;
            }
            constexpr const char* kListen = "0A";
            if (columns[1].ends_with(suffix) && columns[3] == kListen) {
                found.push_back("socket:[" + columns[9] + "]");
            }
        }
    }
    return found;
}

enum class Holds { yes, no, hidden };

Holds holds(const fs::path& process, const std::vector<std::string>& sockets) {
    std::error_code error;
    for (fs::directory_iterator each(process / "fd", error), end; !error && each != end;
         each.increment(error)) {
        std::error_code gone;
        const std::string target = fs::read_symlink(each->path(), gone);
        if (std::ranges::find(sockets, target) != sockets.end()) {
            return Holds::yes;
        }
    }
    return error ? Holds::hidden : Holds::no;
}

// Who listens on the port; where that may not be seen, the only Mosquitto there is.
int broker_process(std::uint16_t port) {
    const auto sockets = listening(port);
    std::vector<int> named;
    std::error_code error;
    for (fs::directory_iterator each("/proc", error), end; !error && each != end; each.increment(error)) {
        const int id = process_of(each->path());
        if (id == 0) {
            continue;
        }
        const auto found = holds(each->path(), sockets);
        if (found == Holds::yes) {
            return id;
        }
        if (found == Holds::hidden && line_of_file(each->path() / "comm") == "mosquitto") {
            named.push_back(id);
        }
    }
    return named.size() == 1 && !sockets.empty() ? named.front() : 0;
}

std::vector<fs::path> included(const std::string& directory) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator each(directory, error), end; !error && each != end; each.increment(error)) {
        if (each->path().extension() == ".conf") {
            files.push_back(each->path());
        }
    }
    std::ranges::sort(files);
    return files;
}

std::optional<MosquittoConfiguration> read_configuration(const std::string& path) {
    const auto text = config::read_file(path, kMostBytes);
    if (!text) {
        return std::nullopt;
    }
    MosquittoConfiguration configuration;
    read_mosquitto_configuration(*text, configuration);
    for (const auto& file : included(configuration.include_dir)) {
        const auto more = config::read_file(file.string(), kMostBytes);
        if (!more) {
            return std::nullopt;  // it may hold what matters
        }
        read_mosquitto_configuration(*more, configuration);
    }
    return configuration;
}

}  // namespace

bool is_here(const mqtt::BrokerUrl& url) {
    std::array<char, 256> name{};
    static_cast<void>(::gethostname(name.data(), name.size() - 1));
    return url.host == "localhost" || url.host == "::1" || url.host.starts_with("127.") ||
           url.host == name.data();
}

MachineFacts look_at_machine(const mqtt::BrokerUrl& url) {
    MachineFacts facts;
    facts.machine = line_of_file("/proc/sys/kernel/random/boot_id");
    if (!is_here(url)) {
        return facts;
    }
    facts.broker_process = broker_process(url.port);
    if (facts.broker_process == 0) {
        return facts;
    }
    const fs::path process = fs::path("/proc") / std::to_string(facts.broker_process);
    facts.broker_descriptors = descriptor_limit(text_of_file(process / "limits"));
    if (line_of_file(process / "comm") == "mosquitto") {
        facts.configuration_file = configuration_argument(text_of_file(process / "cmdline"));
        facts.configuration =
            facts.configuration_file.empty() ? std::nullopt : read_configuration(facts.configuration_file);
    }
    return facts;
}

}  // namespace muster::cli::checkup
