#include "tests/bench/usage.hpp"

#include "tests/support/files.hpp"

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>

namespace muster::test {
namespace {

void read_kib(const std::string& line, std::string_view name, long& kib) {
    if (line.starts_with(name)) {
        kib = std::atol(line.c_str() + name.size());
    }
}

}  // namespace

Usage usage_of(int id) {
    const auto folder = std::filesystem::path("/proc") / std::to_string(id);
    Usage usage;
    std::istringstream status(read_file(folder / "status"));
    for (std::string line; std::getline(status, line);) {
        read_kib(line, "VmHWM:", usage.peak_kib);
        read_kib(line, "VmRSS:", usage.resident_kib);
    }
    const auto stat = read_file(folder / "stat");
    std::istringstream fields(stat.substr(stat.rfind(')') + 2));
    constexpr int kBeforeUserTime = 11;  // fields 3 to 13
    std::string skipped;
    for (int i = 0; i < kBeforeUserTime; ++i) {
        fields >> skipped;
    }
    double user = 0;
    double system = 0;
    fields >> user >> system;
    usage.cpu_seconds = (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
    return usage;
}

}  // namespace muster::test
