#include "daemon/store/sqlite/integrity.hpp"

#include <sqlite3.h>

#include <memory>

namespace muster::store {
namespace {

using Clock = std::chrono::steady_clock;

// Steps of SQLite's machine between two looks at the clock: a fraction of a millisecond.
constexpr int kStepsBetween = 10'000;
// Findings that are told; a damaged file has thousands.
constexpr const char* kCheck = "PRAGMA quick_check(3)";
// For the moments in which another connection opens, closes or recovers the log.
constexpr int kBusyMilliseconds = 2'000;

struct Bound {
    Clock::time_point deadline;
    const std::atomic<bool>& stop;
};

int is_over(void* bound) {
    const auto& [deadline, stop] = *static_cast<const Bound*>(bound);
    return stop || Clock::now() >= deadline ? 1 : 0;
}

struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
};
struct Finalize {
    void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
};

Integrity failure(sqlite3* handle) {
    switch (sqlite3_errcode(handle)) {
        case SQLITE_INTERRUPT:
            return {IntegrityState::too_long, "it was ended before the whole file was looked at"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {IntegrityState::damaged, sqlite3_errmsg(handle)};
        default:
            return {IntegrityState::unreadable, sqlite3_errmsg(handle)};
    }
}

Integrity run_check(sqlite3* handle) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(handle, kCheck, -1, &prepared, nullptr) != SQLITE_OK) {
        return failure(handle);
    }
    const std::unique_ptr<sqlite3_stmt, Finalize> statement(prepared);
    std::string findings;
    int step = SQLITE_OK;
    while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
        // SQLite's texts are of chars, which it calls unsigned.
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0));
        findings += (findings.empty() ? "" : "; ") + std::string(text == nullptr ? "" : text);
    }
    if (step != SQLITE_DONE) {
        return failure(handle);
    }
    return findings == "ok" ? Integrity{} : Integrity{IntegrityState::damaged, std::move(findings)};
}

}  // namespace

std::string_view to_string(IntegrityState state) noexcept {
    switch (state) {
        case IntegrityState::ok:
            return "ok";
        case IntegrityState::damaged:
            return "damaged";
        case IntegrityState::too_long:
            return "too_long";
        case IntegrityState::unreadable:
            return "unreadable";
    }
    return "";
}

Integrity check_integrity(const std::string& path, std::chrono::milliseconds limit,
                          const std::atomic<bool>& stop) {
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    // After an error too there is a handle to close.
    const std::unique_ptr<sqlite3, Close> handle(opened);
    if (code != SQLITE_OK) {
        return failure(opened);
    }
    sqlite3_busy_timeout(opened, kBusyMilliseconds);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    Bound bound{Clock::now() + limit, stop};
    sqlite3_progress_handler(opened, kStepsBetween, is_over, &bound);
    return run_check(opened);
}

}  // namespace muster::store
