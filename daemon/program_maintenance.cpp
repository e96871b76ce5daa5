#include "daemon/program_maintenance.hpp"

#include "daemon/store/sqlite/backup.hpp"
#include "protocol/time.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <unistd.h>

namespace muster {
namespace {

std::string counted(std::uint64_t number, std::string_view thing) {
    return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

std::string size_text(std::uint64_t bytes) {
    constexpr std::uint64_t kMebibyte = 1024 * 1024;
    return bytes < kMebibyte
               ? fmt::format("{} KiB", (bytes + 1023) / 1024)
               : fmt::format("{}.{} MiB", bytes / kMebibyte, bytes % kMebibyte * 10 / kMebibyte);
}

std::string what_is_in(const store::StoreContents& contents) {
    return fmt::format("{}, {} ({} Running), {}; {}, schema {}", counted(contents.devices, "device"),
                       counted(contents.jobs, "job"), contents.running,
                       counted(contents.executions, "execution"), size_text(contents.bytes), contents.schema);
}

Result<void> back_up(const Arguments& arguments, const config::DaemonOptions& options) {
    // The daemon's work goes first, where there is not enough for both.
    constexpr int kNice = 10;
    [[maybe_unused]] const int now = ::nice(kNice);
    const auto begun = std::chrono::steady_clock::now();
    const auto contents = store::back_up(options.store.path, arguments.file, arguments.force);
    if (!contents) {
        return contents.error();
    }
    const auto took = std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now() - begun);
    std::printf("%s: %s; verified, in %s\n", arguments.file.c_str(), what_is_in(*contents).c_str(),
                format_duration(took).c_str());
    return {};
}

Result<void> restore(const Arguments& arguments, const config::DaemonOptions& options) {
    const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    const auto restored = store::restore(arguments.file, options.store.path, now);
    if (!restored) {
        return restored.error();
    }
    std::printf("%s: restored from %s: %s\n", options.store.path.c_str(), arguments.file.c_str(),
                what_is_in(restored->contents).c_str());
    if (!restored->kept.empty()) {
        std::printf("the store that was there is kept: %s\n", restored->kept.c_str());
    }
    if (restored->uncertain > 0) {
        std::printf(
            "%s of commands Failed as uncertain: what was not answered when the backup was made may "
            "have run since; see them with muster job list, and rerun them with --reason uncertain\n",
            counted(restored->uncertain, "execution").c_str());
    }
    return {};
}

}  // namespace

Result<void> maintain(const Arguments& arguments, const config::DaemonOptions& options) {
    switch (arguments.task) {
        case Task::backup:
            return back_up(arguments, options);
        case Task::restore:
            return restore(arguments, options);
        case Task::serve:
            break;
    }
    MUSTER_INVARIANT(false);
    return {};
}

}  // namespace muster
