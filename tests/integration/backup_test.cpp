// Backup and restore with the real programs: in the middle of jobs, of a store that
// is large, onto a disk that is full, killed, over a store that runs or is damaged.
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/changes.hpp"
#include "tests/integration/fleet.hpp"
#include "tests/support/files.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace muster::test {
namespace {

namespace json = boost::json;
namespace files = std::filesystem;

constexpr int kDevices = 60;

// musterd TASK FILE, for the store of this gateway.
std::vector<std::string> command(const Gateway& gateway, const std::string& task, const files::path& file) {
    return {program("musterd"), "--config", gateway.configuration().string(), task, file.string()};
}

void check_done(const Finished& finished) {
    REQUIRE_MESSAGE(finished.exit_code == 0, finished.errors);
}

bool says(const Finished& finished, const std::string& words) {
    return finished.errors.find(words) != std::string::npos;
}

json::object beep_job() {
    return {{"name", "Reboot"},
            {"set", "refrigerators"},
            {"type", "commands"},
            {"operations", json::array{{{"name", "reboot"}}}},
            {"policy", {{"window", 4}}}};
}

// A closed store with a job that ended, of so many executions.
void make_store(const files::path& path, std::size_t executions) {
    const auto store = store::open(path.string()).value();
    auto job = job_of(1, core::JobState::completed);
    job.tally = {static_cast<std::uint32_t>(executions), 0, 0};
    Changes changes{put_job(job), core::CreateExecutions{JobId{1}, fridges(executions)}};
    for (std::uint32_t ordinal = 0; ordinal < executions; ++ordinal) {
        changes.emplace_back(core::PutExecution{completed(execution_of(1, ordinal))});
    }
    REQUIRE(store->commit(changes).has_value());
}

std::vector<std::string> backup_of(const files::path& store, const files::path& file) {
    return {program("musterd"), "--set", "store.path=" + store.string(), "backup", file.string()};
}

}  // namespace

TEST_CASE(
    "a settings job goes on from a backup that was made in the middle of it, and nothing is done twice") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, kDevices, {"--delay", "20..60"});
    const auto job = run_job(gateway, fan_speed_job(3, {{"window", 4}}));
    gateway.await_count(job, "succeeded", 5);
    const auto backup = gateway.files() / "backup.db";
    const auto made = run(command(gateway, "backup", backup));
    check_done(made);
    CHECK_MESSAGE(
        made.output.find(std::to_string(kDevices) + " devices, 1 job (1 Running)") != std::string::npos,
        made.output);
    gateway.await_job(job, "Completed");  // the old life goes on
    gateway.kill_daemon();
    check_done(run(command(gateway, "restore", backup)));
    gateway.start_daemon();
    CHECK(number(gateway.job(job), "/tally/pending") >= 0);
    gateway.await_job(job, "Completed");
    check_tally(gateway, job);
    CHECK(number(gateway.job(job), "/tally/succeeded") == kDevices);
    const auto counted = simulator.stop();
    CHECK(number(counted, "/totals/executed") == kDevices);
    CHECK(number(counted, "/totals/repeated") > 0);  // answered from memory
    CHECK(number(counted, "/executed_more_than_once") == 0);
}

TEST_CASE("Promise 3: a commands job from the middle of which a backup was made repeats none of them") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, kDevices, {"--delay", "20..60"});
    const auto job = run_job(gateway, beep_job());
    gateway.await_count(job, "succeeded", 5);
    const auto backup = gateway.files() / "backup.db";
    check_done(run(command(gateway, "backup", backup)));
    gateway.await_job(job, "Completed");
    gateway.kill_daemon();
    const auto restored = run(command(gateway, "restore", backup));
    check_done(restored);
    CHECK_MESSAGE(restored.output.find("uncertain") != std::string::npos, restored.output);
    gateway.start_daemon();
    gateway.await_job(job, "Failed");
    check_tally(gateway, job);
    const auto counts = count_executions(gateway, job);
    CHECK(counts.at("Completed") + counts.at("uncertain") == kDevices);
    CHECK(counts.at("Completed") >= 5);
    // A person decides, and then it is done.
    const auto rerun =
        number(gateway.request("job/rerun", {{"job", job}, {"reason", "uncertain"}, {"run", true}}), "/job");
    gateway.await_job(rerun, "Completed");
    CHECK(number(simulator.stop(), "/totals/executed") == kDevices + counts.at("uncertain"));
}

TEST_CASE("Promise 3: a job's number that comes again after a restore is obeyed, not answered from memory") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, kDevices);
    const auto backup = gateway.files() / "backup.db";
    check_done(run(command(gateway, "backup", backup)));
    const auto first = run_job(gateway, fan_speed_job(3));
    gateway.await_job(first, "Completed");
    gateway.kill_daemon();
    // Nothing says which numbers were given: the store is lost.
    files::remove(gateway.files() / "muster.db-wal");
    write_file(gateway.files() / "muster.db", std::string(50'000, '\x5a'));
    check_done(run(command(gateway, "restore", backup)));
    gateway.start_daemon();
    const auto again = run_job(gateway, fan_speed_job(4));
    REQUIRE(again == first);
    gateway.await_job(again, "Completed");
    check_tally(gateway, again);
    CHECK(number(simulator.stop(), "/totals/executed") == 2 * kDevices);
}

TEST_CASE("while musterd runs a restore is refused; a damaged backup is refused, with its name") {
    Gateway gateway;
    put_fleet(gateway);
    const auto backup = gateway.files() / "backup.db";
    check_done(run(command(gateway, "backup", backup)));
    const auto refused = run(command(gateway, "restore", backup));
    CHECK(refused.exit_code == 1);
    CHECK_MESSAGE(says(refused, "another musterd is using this store: stop it first"), refused.errors);
    const auto twice = run(command(gateway, "backup", backup));
    CHECK(twice.exit_code == 1);
    CHECK_MESSAGE(says(twice, "--force"), twice.errors);
    gateway.kill_daemon();
    auto bytes = read_file(backup);
    bytes.replace(8192, 8192, std::string(8192, '\x5a'));
    write_file(backup, bytes);
    const auto damaged = run(command(gateway, "restore", backup));
    CHECK(damaged.exit_code == 1);
    CHECK_MESSAGE(says(damaged, backup.string() + ": the backup is damaged"), damaged.errors);
    gateway.start_daemon();
    CHECK(member(gateway.request("set/list"), "/items").as_array().size() == 1);
}

TEST_CASE("a job goes on while a backup of a large store is made beside it") {
    const TempDir directory;
    const auto store = directory / "muster.db";
    make_store(store, 60'000);
    GatewayOptions options;
    options.overrides = {"store.path=" + store.string()};
    Gateway gateway(options);
    put_fleet(gateway);
    constexpr int kMany = 300;
    Simulator simulator(gateway, kMany, {"--delay", "20..40"});
    const auto job = run_job(gateway, fan_speed_job(3, {{"window", 2}}));
    gateway.await_count(job, "succeeded", 1);
    const auto backup = directory / "backup.db";
    const auto before = number(gateway.job(job), "/tally/succeeded");
    Process making(backup_of(store, backup), directory / "output");
    CHECK(making.wait() == 0);
    CHECK(number(gateway.job(job), "/tally/succeeded") > before);
    gateway.await_job(job, "Completed");
    CHECK(files::exists(backup));
    CHECK(read_file(directory / "output").find(" 60300 executions") != std::string::npos);
}

TEST_CASE("a backup that is killed leaves no backup, and the next one is made") {
    const TempDir directory;
    const auto store = directory / "muster.db";
    make_store(store, 100'000);
    const auto backup = directory / "backup.db";
    bool caught = false;
    for (int attempt = 0; attempt < 10 && !caught; ++attempt) {
        files::remove(backup);
        Process making(backup_of(store, backup), directory / "output");
        REQUIRE(
            eventually([&] { return files::exists(backup.string() + ".unfinished") || !making.running(); }));
        making.kill();
        caught = !files::exists(backup);
    }
    REQUIRE(caught);
    check_done(run(backup_of(store, backup)));
    CHECK(!files::exists(backup.string() + ".unfinished"));
}

TEST_CASE("on a full disk there is no backup: it says so, and musterd works on") {
    Gateway gateway;
    put_fleet(gateway);
    const TempDir directory;
    const bool mounted = ::unshare(CLONE_NEWNS) == 0 &&
                         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                         ::mount("tmpfs", directory.path().c_str(), "tmpfs", 0, "size=64k") == 0;
    if (!mounted) {
        MESSAGE("not proven here: mounting is not allowed");
        return;
    }
    const auto full = run(command(gateway, "backup", directory / "backup.db"));
    CHECK(full.exit_code == 1);
    CHECK_MESSAGE(says(full, "no space is left for the backup"), full.errors);
    CHECK(files::is_empty(directory.path()));
    ::umount2(directory.path().c_str(), MNT_DETACH);
    CHECK(text(gateway.request("status"), "/store/state") == "ok");
}

}  // namespace muster::test
