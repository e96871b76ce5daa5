#include "daemon/program_examiner.hpp"

#include "config/files.hpp"
#include "config/option_warnings.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>
#include <utility>

namespace muster {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

// A file that takes longer is checked when musterd stands still.
constexpr Milliseconds kCheckLimit{30'000};
// Whoever asks again and again gets the last answer for so long.
constexpr Milliseconds kCheckPause{10'000};
// The checker gives way to the engine.
constexpr int kCheckerNice = 10;

TimePoint system_now() {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

// One for each start of a machine: who has the same is on the same machine.
std::string machine() {
    const auto text = config::read_file("/proc/sys/kernel/random/boot_id", 64);
    return text ? text->substr(0, text->find('\n')) : std::string();
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

json::object descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    std::error_code error;
    const auto open = fs::directory_iterator("/proc/self/fd", error);
    return {{"limit", static_cast<std::uint64_t>(limit.rlim_cur)},
            {"open", error ? json::value(nullptr)
                           : json::value(static_cast<std::uint64_t>(std::distance(begin(open), end(open))))}};
}

// Whether something like NTP keeps the machine's clock right; null: the system does not say.
json::value synchronised() {
    timex state{};
    const int result = ::adjtimex(&state);
    return result < 0 ? json::value(nullptr) : json::value((state.status & STA_UNSYNC) == 0);
}

std::uint64_t bytes_of_store(const std::string& path) {
    std::uint64_t bytes = 0;
    for (const auto* suffix : {"", "-wal", "-shm"}) {
        std::error_code error;
        const auto size = fs::file_size(path + suffix, error);
        bytes += error ? 0 : size;
    }
    return bytes;
}

json::array warnings_json(const config::DaemonOptions& options) {
    json::array found;
    for (const auto& [key, message, fix] : config::warnings(options)) {
        found.push_back(json::object{{"key", key}, {"message", message}, {"fix", fix}});
    }
    return found;
}

}  // namespace

ProgramExaminer::ProgramExaminer(config::DaemonOptions options, std::string run)
    : run_(std::move(run)),
      store_path_(fs::absolute(options.store.path).string()),
      options_(std::move(options)) {}

ProgramExaminer::~ProgramExaminer() {
    stop_ = true;
    if (checker_.joinable()) {
        checker_.join();
    }
}

void ProgramExaminer::change_options(const config::DaemonOptions& options) {
    const std::lock_guard lock(mutex_);
    options_.roles = options.roles;
    options_.default_role = options.default_role;
}

json::object ProgramExaminer::examine(bool check_store) {
    if (check_store) {
        begin_store_check();
    }
    const std::lock_guard lock(mutex_);
    return {{"run", run_},
            {"process", json::object{{"pid", ::getpid()}, {"host", host_name()}, {"machine", machine()}}},
            {"descriptors", descriptors()},
            {"clock", json::object{{"now", format_utc(system_now())}, {"synchronised", synchronised()}}},
            {"configured_window", options_.broker.window},
            {"disk", disk()},
            {"store_file", json::object{{"path", store_path_}, {"bytes", bytes_of_store(store_path_)}}},
            {"store_check", store_check()},
            {"configuration", warnings_json(options_)}};
}

json::object ProgramExaminer::disk() const {
    struct statvfs found {};
    const auto directory = fs::path(store_path_).parent_path();
    if (::statvfs(directory.empty() ? "." : directory.c_str(), &found) != 0) {
        return {{"free_bytes", nullptr},
                {"total_bytes", nullptr},
                {"free_inodes", nullptr},
                {"total_inodes", nullptr}};
    }
    const bool counts = found.f_files != 0;  // btrfs has no fixed number
    const auto number = [](std::uint64_t value, bool known) {
        return known ? json::value(value) : json::value(nullptr);
    };
    return {{"free_bytes", std::uint64_t{found.f_bavail} * found.f_frsize},
            {"total_bytes", std::uint64_t{found.f_blocks} * found.f_frsize},
            {"free_inodes", number(found.f_favail, counts)},
            {"total_inodes", number(found.f_files, counts)}};
}

void ProgramExaminer::begin_store_check() {
    {
        const std::lock_guard lock(mutex_);
        if (checking_ || (checked_ && system_now() - checked_at_ < kCheckPause)) {
            return;
        }
        checking_ = true;
    }
    if (checker_.joinable()) {
        checker_.join();  // it has ended
    }
    checker_ = std::thread([this] { check_store(); });
}

void ProgramExaminer::check_store() {
    // Of this thread alone, on Linux.
    static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kCheckerNice));
    const auto begun = std::chrono::steady_clock::now();
    auto found = store::check_integrity(store_path_, kCheckLimit, stop_);
    const auto took = std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now() - begun);
    const std::lock_guard lock(mutex_);
    checked_ = std::move(found);
    checked_at_ = system_now();
    check_took_ = took;
    checking_ = false;
}

// Called with the lock held.
json::object ProgramExaminer::store_check() {
    if (!checked_) {
        return {
            {"state", checking_ ? "running" : "none"}, {"at", nullptr}, {"took_ms", nullptr}, {"detail", ""}};
    }
    return {{"state", checking_ ? "running" : store::to_string(checked_->state)},
            {"at", format_utc(checked_at_)},
            {"took_ms", check_took_.count()},
            {"detail", checked_->detail}};
}

}  // namespace muster
