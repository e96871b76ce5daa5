#include "tests/bench/machine.hpp"

#include "protocol/time.hpp"
#include "tests/support/files.hpp"
#include "tests/support/process.hpp"

#include <chrono>
#include <exception>
#include <string>
#include <string_view>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <thread>
#include <vector>

namespace muster::bench {
namespace {

namespace json = boost::json;

constexpr const char* kUnknown = "unknown";

// The first line of what it prints.
std::string said_by(const std::vector<std::string>& command) {
    try {
        const auto finished = test::run(command);
        const auto lines = test::lines_of(finished.output);
        return finished.exit_code == 0 && !lines.empty() ? lines.front() : kUnknown;
    } catch (const std::exception&) {
        return kUnknown;
    }
}

// "model name : X" of /proc/cpuinfo, "PRETTY_NAME="X"" of os-release.
std::string entry_of(const char* file, std::string_view name, std::string_view around) {
    try {
        for (const auto& line : test::lines_of(test::read_file(file))) {
            if (line.starts_with(name)) {
                const auto begin = line.find_first_not_of(around, name.size());
                const auto end = line.find_last_not_of(around);
                return begin == std::string::npos ? kUnknown : line.substr(begin, end - begin + 1);
            }
        }
    } catch (const std::exception&) {
        return kUnknown;  // not every system has it
    }
    return kUnknown;
}

std::string package_version(const char* package) {
    return said_by({"dpkg-query", "--show", "--showformat", "${Version}\n", package});
}

}  // namespace

json::object machine_json() {
    utsname kernel{};
    ::uname(&kernel);
    struct sysinfo memory {};
    ::sysinfo(&memory);
    constexpr std::uint64_t kMebibyte = 1024 * 1024;
    json::object machine{{"cpu", entry_of("/proc/cpuinfo", "model name", "\t :")},
                         {"cores", std::thread::hardware_concurrency()},
                         {"memory_mib", memory.totalram * memory.mem_unit / kMebibyte},
                         {"kernel", kernel.release},
                         {"system", entry_of("/etc/os-release", "PRETTY_NAME=", "\"")}};
    json::object versions{{"mosquitto", package_version("mosquitto")},
                          {"libmosquitto", package_version("libmosquitto1")},
                          {"paho", package_version("libpaho-mqtt1.3")},
                          {"sqlite", package_version("libsqlite3-0")},
                          {"node", said_by({"node", "--version"})},
                          {"redis", package_version("redis-server")},
                          {"python3-paho-mqtt", package_version("python3-paho-mqtt")}};
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return {{"machine", std::move(machine)},
            {"versions", std::move(versions)},
            {"date", format_utc(now)},
            {"revision", said_by({"git", "describe", "--always", "--dirty"})}};
}

}  // namespace muster::bench
