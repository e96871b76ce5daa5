#include "tests/bench/usage.hpp"

#include "tests/support/files.hpp"

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>

namespace muster::test {

Usage usage_of(int id) {
    const auto folder = std::filesystem::path("/proc") / std::to_string(id);
    Usage usage;
    std::istringstream status(read_file(folder / "status"));
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            usage.peak_kib = std::atol(line.c_str() + std::string_view("VmHWM:").size());
        }
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
