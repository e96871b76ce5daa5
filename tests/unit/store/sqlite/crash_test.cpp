// Promise 1: what commit() has answered is there after kill -9, whole.
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/changes.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

namespace muster::test {
namespace {

constexpr std::uint32_t kExecutions = 40;
constexpr int kKills = 15;

// One commit: every execution gets the number, and the audit log a line.
Changes numbered_commit(std::uint16_t number) {
    Changes changes;
    for (std::uint32_t ordinal = 0; ordinal < kExecutions; ++ordinal) {
        core::Execution execution = execution_of(1, ordinal);
        execution.attempts = number;
        changes.push_back(core::PutExecution{execution});
    }
    changes.push_back(core::AuditEntry{at(number), "anna", "test", std::to_string(number), ""});
    return changes;
}

// The number of the last commit that is there; every part of it has to be.
std::uint16_t last_commit(store::Store& store) {
    const auto executions = store.load().value().executions;
    REQUIRE(executions.size() == kExecutions);
    for (const core::Execution& execution : executions) {
        CHECK(execution.attempts == executions[0].attempts);
    }
    CHECK(store.audit({.most = 1}).value().items[0].number == executions[0].attempts);
    return executions[0].attempts;
}

// Commits numbers from `next` on and says each one that was answered, for ever.
[[noreturn]] void commit_for_ever(const std::string& path, std::uint16_t next, int out) {
    const auto store = store::open(path).value();
    for (;; ++next) {
        if (!store->commit(numbered_commit(next)).has_value() ||
            ::write(out, &next, sizeof next) != sizeof next) {
            ::_exit(1);
        }
    }
}

// The last number read before `out` ends; kills the process after `wanted`.
std::uint16_t read_and_kill(pid_t child, int out, int wanted) {
    std::uint16_t number = 0;
    std::uint16_t last = 0;
    for (int count = 0; ::read(out, &number, sizeof number) == sizeof number; ++count) {
        last = number;
        if (count == wanted) {
            ::kill(child, SIGKILL);
        }
    }
    return last;
}

}  // namespace

TEST_CASE("B02: everything that was answered is there after kill -9, and every commit is whole") {
    const TempDir directory;
    const std::string path = (directory / "muster.db").string();
    Changes first = job_on_fridges(1, core::JobState::running, kExecutions);
    for (const auto& change : numbered_commit(1)) {
        first.push_back(change);
    }
    REQUIRE(store::open(path).value()->commit(first).has_value());

    std::uint16_t last = 1;
    for (int kills = 0; kills < kKills; ++kills) {
        CAPTURE(kills);
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            commit_for_ever(path, static_cast<std::uint16_t>(last + 1), ends[1]);
        }
        ::close(ends[1]);
        const std::uint16_t answered = read_and_kill(child, ends[0], kills * 3);
        ::close(ends[0]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        CHECK(answered > last);

        const auto store = store::open(path).value();
        last = last_commit(*store);
        CHECK(last >= answered);
        CHECK(last <= answered + 1);
    }
}

}  // namespace muster::test
