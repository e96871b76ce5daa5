// How long each page of each list takes with a million rows behind it, while a job
// runs; and the CSV of a job on a million devices.
#include "tests/bench/http_client.hpp"
#include "tests/bench/query_list.hpp"
#include "tests/bench/sections.hpp"
#include "tests/bench/store_filler.hpp"
#include "tests/bench/world.hpp"
#include "tests/support/json.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace muster::bench {
namespace {

namespace json = boost::json;

constexpr std::size_t kLiveDevices = 10'000;
constexpr const char* kLiveTemplate = "live";
constexpr double kMilliseconds = 1e3;
constexpr std::chrono::seconds kPatience{120};
constexpr std::size_t kLook = 1'000'000;  // bytes of CSV between two looks at the memory

class Queries {
public:
    explicit Queries(const Run& run)
        : run_(run),
          contents_(run.quick ? StoreContents{.devices = 100'000,
                                              .jobs = 1'000,
                                              .executions_of_job = 100,
                                              .executions_of_last_job = 100'000,
                                              .audit_entries = 100'000,
                                              .sets = 100}
                              : StoreContents{.devices = 1'000'000,
                                              .jobs = 10'000,
                                              .executions_of_job = 100,
                                              .executions_of_last_job = 1'000'000,
                                              .audit_entries = 1'000'000,
                                              .sets = 1'000}),
          broker_(broker_options()),
          musterd_(broker_, [this](const auto& path) { fill_store(path, contents_); }) {
        add_live_fleet();
        const auto door = musterd_.client().request("console/open");
        http_ = std::make_unique<HttpClient>(test::text(door, "/url"), test::text(door, "/token"));
    }

    void measure_job_alone();
    void measure_pages();
    void measure_plan();
    void measure_csv();

private:
    void add_live_fleet();
    void start_job();
    // Waits for its end. Operations a second.
    [[nodiscard]] double rate_of_job();
    // There is a job at work from the time it returns, for a while. Whether it is another one.
    bool keep_busy();
    [[nodiscard]] std::vector<double> time(const Query& query);

    const Run& run_;
    StoreContents contents_;
    test::Mosquitto broker_;
    Musterd musterd_;
    std::unique_ptr<Fleet> live_;
    std::unique_ptr<HttpClient> http_;
    std::int64_t job_ = 0;
    Stopwatch since_job_;
    std::vector<double> rates_while_read_;
};

// Those of a million that are not there would take part in no job; these do.
void Queries::add_live_fleet() {
    auto document = refrigerator_template().as_object();
    document["name"] = kLiveTemplate;
    musterd_.client().request("template/put", {{"document", document}});
    musterd_.client().request("set/put",
                              {{"set", kLiveTemplate}, {"template", kLiveTemplate}, {"query", ""}});
    live_ = std::make_unique<Fleet>(
        broker_, FleetOptions{.devices = kLiveDevices, .prefix = "live-", .template_name = kLiveTemplate});
    musterd_.await_devices(contents_.devices + kLiveDevices, kLiveDevices);
}

void Queries::start_job() {
    since_job_ = Stopwatch();
    job_ = musterd_.run_job(live_->another_speed(), {{"set", kLiveTemplate}});
}

double Queries::rate_of_job() {
    const auto end = musterd_.client().await_end(job_, kPatience);
    return static_cast<double>(kLiveDevices) /
           std::chrono::duration<double>(end.at - since_job_.start()).count();
}

void Queries::measure_job_alone() {
    std::vector<double> rates;
    for (int count = 0; count < (run_.quick ? 2 : 5); ++count) {
        start_job();
        rates.push_back(rate_of_job());
    }
    job_ = 0;
    run_.report.add("queries.job.alone", "a job on 10,000 of the devices while nobody reads", "operations/s",
                    rates);
}

bool Queries::keep_busy() {
    musterd_.client().turn(std::chrono::milliseconds(0));
    if (job_ != 0 && !musterd_.client().has_ended(job_)) {
        return false;
    }
    if (job_ != 0) {
        rates_while_read_.push_back(rate_of_job());
    }
    start_job();
    return true;
}

// One page after another, and from the front again when the list has ended.
std::vector<double> Queries::time(const Query& query) {
    const std::size_t most = run_.quick ? 20 : 200;
    const double limit = run_.quick ? 0.5 : 2.5;  // seconds: a slow one shows with few
    std::vector<double> times;
    std::string cursor;
    for (const Stopwatch all; times.size() < most && (times.size() < 3 || all.seconds() < limit);) {
        if (keep_busy()) {
            cursor.clear();  // it may be of the job before
        }
        auto target = query.target;
        if (const auto at = target.find(kRunningJob); at != std::string::npos) {
            target.replace(at, std::string_view(kRunningJob).size(), std::to_string(job_));
        }
        if (query.paged) {
            target += (target.find('?') == std::string::npos ? "?limit=100" : "&limit=100");
            target += cursor.empty() ? "" : "&cursor=" + url_encoded(cursor);
        }
        const Stopwatch watch;
        const auto answer = http_->ask(query.body.empty() ? "GET" : "POST", target, query.body);
        times.push_back(watch.seconds() * kMilliseconds);
        if (query.paged) {
            const auto page = test::parse(answer);
            const auto& next = test::member(page, "/next");
            cursor = next.is_null() ? "" : std::string(next.as_string());
        }
    }
    return times;
}

void Queries::measure_pages() {
    std::vector<double> worst;
    std::string slowest;
    for (const auto& query : all_queries(contents_)) {
        const auto times = time(query);
        run_.report.add("queries." + query.name, query.name, "ms", times);
        const auto p99 = summarize(times).p99;
        if (worst.empty() || p99 > *std::ranges::max_element(worst)) {
            slowest = query.name;
        }
        worst.push_back(p99);
    }
    const auto above = std::ranges::count_if(worst, [](double p99) { return p99 >= 10; });
    run_.report.add("queries.job.read", "a job on 10,000 of the devices while one page after another is read",
                    "operations/s", rates_while_read_);
    run_.report.add("queries.p99", "the 99th percentiles of all of these", "ms", worst);
    run_.report.note("queries.slowest",
                     fmt::format("{} of {} lists, pages and things have a 99th percentile of 10 ms "
                                 "or more; the slowest is {}.",
                                 above, worst.size(), slowest));
}

void Queries::measure_plan() {
    const auto times = time(plan_query());
    run_.report.add("queries.plan",
                    fmt::format("job/plan, on {} devices", readable(static_cast<double>(contents_.devices))),
                    "ms", times);
}

void Queries::measure_csv() {
    const auto before = musterd_.usage().resident_kib;
    std::size_t lines = 0;
    std::size_t bytes = 0;
    std::size_t looked_at = 0;
    long most = before;
    const Stopwatch watch;
    http_->download(fmt::format("/api/v1/jobs/{}/details.csv", contents_.last_job()),
                    [&](std::string_view part) {
                        lines += static_cast<std::size_t>(std::ranges::count(part, '\n'));
                        bytes += part.size();
                        if (bytes >= looked_at + kLook) {
                            looked_at = bytes;
                            most = std::max(most, musterd_.usage().resident_kib);
                        }
                    });
    const auto rows = static_cast<double>(lines - 1);
    run_.report.add("queries.csv.rate", fmt::format("CSV of a job on {} devices", readable(rows)), "rows/s",
                    {rows / watch.seconds()});
    run_.report.add("queries.csv.memory", "  memory of musterd beyond that before", "KiB",
                    {static_cast<double>(most - before)});
}

}  // namespace

void measure_queries(const Run& run) {
    Queries queries(run);
    queries.measure_job_alone();
    queries.measure_pages();
    queries.measure_plan();
    queries.measure_csv();
}

}  // namespace muster::bench
