// What the store costs, by itself: writing the executions of a large job, each page of
// each list with them behind it, the CSV's pages, and the load at a start.
//
//   build/bin/bench_store fill FILE [DEVICES [EXECUTIONS]]     (100000 1000000)
//   build/bin/bench_store under_way FILE [EXECUTIONS]          (1000000, half of them done)
//   build/bin/bench_store pages FILE [ROUNDS]                  (200)
//   build/bin/bench_store csv FILE
//   build/bin/bench_store load FILE
//
// `fill` makes a store with one ended job on all executions and an audit log as long;
// `under_way` adds a job in the middle of its work; the others read such a store. The
// figures are CPU time of this thread: on a shared machine they say more than the clock.
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/bench/usage.hpp"
#include "tests/contract/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <unistd.h>
#include <vector>

namespace muster::test {
namespace {

constexpr std::uint32_t kBatch = 2'000;
constexpr std::int64_t kStart = 1'700'000'000'000;

double cpu_milliseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void check(const Result<void>& done) {
    if (!done) {
        throw std::runtime_error(done.error().message);
    }
}

template <class Value>
Value take(Result<Value> value) {
    if (!value) {
        throw std::runtime_error(value.error().message);
    }
    return std::move(value).value();
}

std::string name_of(std::uint32_t number) {
    return fmt::format("fridge-{:07}", number);
}

// Some steps on, in an order that has nothing to do with that of the devices.
std::uint32_t scattered(std::uint32_t number) {
    return (number * 2'654'435'761U) >> 7U;
}

core::Execution sent(std::uint64_t job, std::uint32_t ordinal) {
    core::Execution execution;
    execution.job = JobId{job};
    execution.ordinal = ordinal;
    execution.phase = core::Phase::sent;
    execution.attempts = static_cast<std::uint16_t>(scattered(ordinal) % 50 == 0 ? 2 : 1);
    execution.turn_at = at(kStart + ordinal / 20);
    execution.first_sent_at = execution.turn_at;
    execution.last_sent_at =
        execution.first_sent_at + Milliseconds(execution.attempts == 2 ? 2'000 + ordinal % 7 : 0);
    return execution;
}

bool is_refused(std::uint32_t ordinal) {
    return scattered(ordinal) % 100 == 0;
}

core::Execution ended(core::Execution execution) {
    const auto number = scattered(execution.ordinal);
    execution.finished_at = execution.last_sent_at + Milliseconds(5 + number % 40);
    if (is_refused(execution.ordinal)) {
        return failed(execution, core::Reason::rejected, number % 200 == 0 ? "out of range" : "busy");
    }
    execution.state = core::ExecutionState::completed;
    execution.phase = core::Phase::done;
    return execution;
}

// The executions from `first` to `last`, sent in one commit and ended in the next.
void work(store::Store& store, std::uint64_t job, std::uint32_t first, std::uint32_t last) {
    Changes changes;
    for (auto ordinal = first; ordinal < last; ++ordinal) {
        auto execution = sent(job, ordinal);
        execution.old_values = R"({"fanSpeed":1})";
        changes.emplace_back(core::PutExecution{std::move(execution)});
    }
    check(store.commit(changes));
    changes.clear();
    for (auto ordinal = first; ordinal < last; ++ordinal) {
        changes.emplace_back(core::PutExecution{ended(sent(job, ordinal))});
    }
    check(store.commit(changes));
}

core::Job large_job(std::uint64_t id, core::JobState state, std::uint32_t executions) {
    auto job = job_of(id, state);
    job.started_at = at(kStart);
    job.run_order = id;
    for (std::uint32_t ordinal = 0; ordinal < executions; ++ordinal) {
        ++(is_refused(ordinal) ? job.tally.failed : job.tally.succeeded);
    }
    return job;
}

void make(store::Store& store, std::uint64_t id, core::JobState state, std::uint32_t executions) {
    auto devices = std::make_shared<core::DeviceIds>();
    for (std::uint32_t number = 0; number < executions; ++number) {
        devices->add(device_id(name_of(number)));
    }
    auto begun = cpu_milliseconds();
    check(store.commit(
        Changes{put_job(large_job(id, state, executions)), core::CreateExecutions{JobId{id}, devices}}));
    fmt::print("create        {:>8.2f} us of CPU per execution\n",
               (cpu_milliseconds() - begun) * 1e3 / executions);
}

void do_work(store::Store& store, std::uint64_t id, std::uint32_t executions, const std::string& path) {
    const auto begun = cpu_milliseconds();
    for (std::uint32_t first = 0; first < executions; first += kBatch) {
        work(store, id, first, std::min(first + kBatch, executions));
    }
    fmt::print("send and end  {:>8.2f} us of CPU per execution, store of {} bytes\n",
               (cpu_milliseconds() - begun) * 1e3 / executions, std::filesystem::file_size(path));
}

void fill(const std::string& path, std::uint32_t devices, std::uint32_t executions) {
    auto store = take(store::open(path));
    Changes changes{core::PutTemplate{template_of("refrigerator", 1, "Refrigerator")},
                    core::PutSet{{"refrigerators", "", "", "refrigerator", "", 1, at(kStart)}}};
    for (std::uint32_t number = 0; number < devices; ++number) {
        auto device = full_device(name_of(number));
        device.name = fmt::format("Fridge {}", number);
        changes.emplace_back(core::PutDevice{std::move(device)});
        if (changes.size() >= kBatch || number + 1 == devices) {
            check(store->commit(changes));
            changes.clear();
        }
    }
    make(*store, 1, core::JobState::running, executions);
    do_work(*store, 1, executions, path);
    check(store->commit(Changes{put_job(large_job(1, core::JobState::completed, executions))}));
    for (std::uint32_t number = 0; number < executions; ++number) {
        changes.emplace_back(core::AuditEntry{at(kStart + number), number % 3 == 0 ? "anna" : "ben",
                                              number % 5 == 0 ? "job/run" : "device/put", name_of(number),
                                              R"({"name":"Lobby"})"});
        if (changes.size() >= kBatch || number + 1 == executions) {
            check(store->commit(changes));
            changes.clear();
        }
    }
}

void under_way(const std::string& path, std::uint32_t executions) {
    auto store = take(store::open(path));
    make(*store, 2, core::JobState::running, executions);
    do_work(*store, 2, executions / 2, path);
    fmt::print("killed\n");
    std::fflush(stdout);
    ::_exit(0);  // as kill -9 would: the log stays
}

struct Question {
    std::string name;
    store::ExecutionQuery query;
};

std::vector<Question> questions(std::uint64_t job, std::uint32_t executions) {
    using store::ExecutionSort;
    std::vector<Question> asked;
    const std::pair<const char*, ExecutionSort> sorts[] = {{"ordinal", ExecutionSort::ordinal},
                                                           {"device", ExecutionSort::device},
                                                           {"status", ExecutionSort::state},
                                                           {"attempts", ExecutionSort::attempts},
                                                           {"last_sent_at", ExecutionSort::last_sent_at},
                                                           {"finished_at", ExecutionSort::finished_at}};
    const std::pair<const char*, store::ExecutionFilter> filters[] = {
        {"", {}},
        {" Completed", {.state = core::ExecutionState::completed}},
        {" Failed", {.state = core::ExecutionState::failed}},
        {" Pending", {.state = core::ExecutionState::pending}},
        {" rejected", {.reason = core::Reason::rejected}},
        {" message", {.message = "busy"}},
        {" search often", {.search = "E-00"}},
        {" search seldom", {.search = name_of(executions - 10)}},
        {" search never", {.search = "nothing"}},
        {" Failed search seldom", {.state = core::ExecutionState::failed, .search = "99999"}},
    };
    for (const auto& [sort_name, sort] : sorts) {
        for (const auto descending : {false, true}) {
            for (const auto& [filter_name, filter] : filters) {
                store::ExecutionQuery query{.job = JobId{job}, .filter = filter, .most = 100};
                query.sort = sort;
                query.descending = descending;
                asked.push_back(
                    {fmt::format("{}{}{}", sort_name, descending ? " desc" : "", filter_name), query});
            }
        }
    }
    return asked;
}

double quantile(std::vector<double> values, double part) {
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

void print_times(const std::string& name, const std::vector<double>& times, std::size_t rows,
                 std::size_t pages) {
    fmt::print("{:<38} {:>9.3f} {:>9.3f} {:>9.3f} {:>8} {:>6}\n", name, quantile(times, 0.5),
               quantile(times, 0.99), quantile(times, 1), rows, pages);
    std::fflush(stdout);
}

// The first page, and those after it, `rounds` in all; at most a second of each.
void ask_pages(store::Reader& store, const Question& question, int rounds) {
    std::vector<double> times;
    auto query = question.query;
    std::size_t rows = 0;
    std::size_t pages = 0;
    double spent = 0;
    for (int round = 0; round < rounds && spent < 1'000; ++round) {
        const auto begun = cpu_milliseconds();
        const auto page = take(store.executions(query));
        times.push_back(cpu_milliseconds() - begun);
        spent += times.back();
        rows += page.items.size();
        ++pages;
        query.from = page.next;
    }
    print_times(question.name, times, rows, pages);
}

void ask_audit(store::Reader& store, const std::string& name, store::AuditFilter filter, int rounds) {
    std::vector<double> times;
    store::AuditQuery query{.most = 100, .filter = std::move(filter)};
    std::size_t rows = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto begun = cpu_milliseconds();
        const auto page = take(store.audit(query));
        times.push_back(cpu_milliseconds() - begun);
        rows += page.items.size();
        query.before = page.next;
    }
    print_times("audit" + name, times, rows, times.size());
}

void ask_device(store::Reader& store, std::uint32_t executions, int rounds) {
    std::vector<double> times;
    std::size_t rows = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto device = device_id(name_of(scattered(static_cast<std::uint32_t>(round)) % executions));
        const auto begun = cpu_milliseconds();
        rows += take(store.device_executions(device, JobId::none, 100)).size();
        times.push_back(cpu_milliseconds() - begun);
    }
    print_times("device's jobs", times, rows, times.size());
}

std::pair<std::uint64_t, std::uint32_t> largest_job(store::Store& store) {
    std::pair<std::uint64_t, std::uint32_t> found{1, 0};
    for (const auto& job : take(store.load()).jobs) {
        found = std::max(found, {static_cast<std::uint64_t>(job.id), job.tally.selected()});
    }
    return found;
}

void pages(const std::string& path, int rounds, const std::string& only) {
    auto store = take(store::open(path));
    const auto [job, executions] = largest_job(*store);
    fmt::print("job {} of {} executions\n{:<38} {:>9} {:>9} {:>9} {:>8} {:>6}\n", job, executions,
               "ms of CPU a page of 100", "median", "p99", "max", "rows", "pages");
    for (const auto& question : questions(job, executions)) {
        if (question.name.find(only) != std::string::npos) {
            ask_pages(*store, question, rounds);
        }
    }
    ask_device(*store, executions, rounds);
    ask_audit(*store, "", {}, rounds);
    ask_audit(*store, " of anna", {.user = "anna"}, rounds);
    ask_audit(*store, " of nobody", {.user = "nobody"}, rounds);
}

void csv(const std::string& path) {
    auto store = take(store::open(path));
    const auto [job, executions] = largest_job(*store);
    store::ExecutionQuery query{.job = JobId{job}, .from = store::ExecutionPosition{}, .most = 1'000};
    const auto begun = cpu_milliseconds();
    std::size_t rows = 0;
    do {
        const auto page = take(store->executions(query));
        rows += page.items.size();
        query.from = page.next;
    } while (query.from);
    const auto spent = cpu_milliseconds() - begun;
    fmt::print("{} rows read in pages of 1000, {:.0f} rows a second of CPU\n", rows,
               static_cast<double>(rows) / spent * 1e3);
}

void load(const std::string& path) {
    const auto begun = std::chrono::steady_clock::now();
    const auto cpu = cpu_milliseconds();
    auto store = take(store::open(path));
    const auto opened = std::chrono::steady_clock::now();
    const auto snapshot = take(store->load());
    const auto loaded = std::chrono::steady_clock::now();
    using Span = std::chrono::duration<double, std::milli>;
    fmt::print("open {:.0f} ms, load {:.0f} ms, {:.0f} ms of CPU: {} devices, {} executions; peak {} KiB\n",
               Span(opened - begun).count(), Span(loaded - opened).count(), cpu_milliseconds() - cpu,
               snapshot.devices.size(), snapshot.executions.size(), usage_of(::getpid()).peak_kib);
}

}  // namespace
}  // namespace muster::test

int main(int count, char** values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    const auto number = [&arguments](std::size_t at, std::uint32_t otherwise) {
        return arguments.size() > at ? static_cast<std::uint32_t>(std::stoul(arguments[at])) : otherwise;
    };
    const auto what = arguments.size() < 2 ? std::string() : arguments[0];
    try {
        using namespace muster::test;
        if (what == "fill") {
            fill(arguments[1], number(2, 100'000), number(3, 1'000'000));
        } else if (what == "under_way") {
            under_way(arguments[1], number(2, 1'000'000));
        } else if (what == "pages") {
            pages(arguments[1], static_cast<int>(number(2, 200)), arguments.size() > 3 ? arguments[3] : "");
        } else if (what == "csv") {
            csv(arguments[1]);
        } else if (what == "load") {
            load(arguments[1]);
        } else {
            fmt::print(stderr, "bench_store fill|under_way|pages|csv|load FILE [NUMBER...]\n");
            return 1;
        }
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_store: {}\n", error.what());
        return 1;
    }
    return 0;
}
