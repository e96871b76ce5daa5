#include "tests/bench/store_filler.hpp"

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/bench/world.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace muster::bench {
namespace {

namespace json = boost::json;

constexpr std::size_t kChangesAtOnce = 5'000;
constexpr std::array<const char*, 3> kSites{"oslo", "bergen", "trondheim"};

// A year ago and on: what sorts by time has something to sort.
TimePoint at(std::size_t number) {
    constexpr Milliseconds kStart{1'760'000'000'000};
    constexpr std::size_t kStep = 7'919;  // ms; a prime, so that neighbours are not neighbours in time
    return TimePoint(kStart + Milliseconds(number * kStep % 31'536'000'000));
}

template <class Value>
Value checked(Result<Value> result) {
    if (!result) {
        throw std::runtime_error(result.error().message);
    }
    return std::move(result).value();
}

// Whole commits of many changes.
class Filler {
public:
    explicit Filler(const std::filesystem::path& path) : store_(checked(store::open(path.string()))) {}

    void add(core::Change change) {
        changes_.push_back(std::move(change));
        if (changes_.size() >= kChangesAtOnce) {
            commit();
        }
    }
    void commit() {
        if (const auto done = store_->commit(changes_); !done) {
            throw std::runtime_error(done.error().message);
        }
        changes_.clear();
    }

private:
    std::unique_ptr<store::Store> store_;
    std::vector<core::Change> changes_;
};

core::Device device(const StoreContents& contents, std::size_t number) {
    core::Device device;
    device.id = checked(DeviceId::parse(stored_device(contents, number)));
    device.template_name = "refrigerator";
    device.name = fmt::format("Refrigerator {}", (number * 31) % contents.devices);
    device.tags = core::Values(json::object{{"floor", number % 3}, {"site", kSites[number % kSites.size()]}});
    device.settings = core::Values(json::object{{"fanSpeed", number % 5}});
    device.reported = core::Values(json::object{
        {"fanSpeed", number % 5}, {"firmware", number % 10 == 0 ? "1.3.0" : "1.4.0"}, {"temperature", 4.5}});
    device.remembers = 8;
    device.presence_since = at(number);
    return device;
}

// Of a hundred, two were not reached and one refused.
core::Execution execution(JobId job, std::uint32_t ordinal, DeviceId device) {
    core::Execution execution;
    execution.job = job;
    execution.ordinal = ordinal;
    execution.device = std::move(device);
    execution.state = core::ExecutionState::completed;
    execution.phase = core::Phase::done;
    execution.attempts = static_cast<std::uint16_t>(1 + ordinal % 3);
    execution.old_values = R"({"fanSpeed":1})";
    execution.turn_at = at(ordinal);
    execution.first_sent_at = at(ordinal);
    execution.last_sent_at = at(ordinal + 1);
    execution.finished_at = at(ordinal + 2);
    if (ordinal % 100 < 3) {
        execution.state = core::ExecutionState::failed;
        execution.reason = ordinal % 100 < 2 ? core::Reason::timeout : core::Reason::rejected;
        execution.message = ordinal % 100 < 2 ? "no answer for 24 h" : "door open, fan locked";
    }
    return execution;
}

core::Job job(std::uint64_t id, std::size_t executions) {
    core::Job job;
    job.id = JobId{id};
    job.spec.name = fmt::format("Fan speed, week {}", id);
    job.spec.set = kSet;
    job.spec.operations = {{"fanSpeed", 3}};
    job.template_name = "refrigerator";
    job.template_version = 1;
    job.run_order = id;
    job.created_by = "anna";
    job.created_at = at(id);
    job.started_at = at(id + 1);
    job.ended_at = at(id + 2);
    for (std::uint32_t ordinal = 0; ordinal < executions; ++ordinal) {
        ++(ordinal % 100 < 3 ? job.tally.failed : job.tally.succeeded);
    }
    job.state = job.tally.failed > 0 ? core::JobState::failed : core::JobState::completed;
    return job;
}

void add_job(Filler& filler, const StoreContents& contents, std::uint64_t id, std::size_t executions) {
    auto devices = std::make_shared<core::DeviceIds>();
    const auto first = id * 997;  // other devices in each job
    for (std::size_t i = 0; i < executions; ++i) {
        devices->add(checked(DeviceId::parse(stored_device(contents, 1 + (first + i) % contents.devices))));
    }
    filler.add(core::PutJob{std::make_shared<const core::Job>(job(id, executions))});
    filler.add(core::CreateExecutions{JobId{id}, devices});
    std::uint32_t ordinal = 0;
    for (const auto& device : *devices) {
        filler.add(core::PutExecution{execution(JobId{id}, ordinal++, checked(DeviceId::parse(device)))});
    }
}

void add_registry(Filler& filler, const StoreContents& contents) {
    core::StoredTemplate stored;
    stored.body =
        std::make_shared<const core::Template>(checked(core::Template::parse(refrigerator_template())));
    stored.version = 1;
    stored.changed_at = at(0);
    filler.add(core::PutTemplate{std::move(stored)});
    for (std::size_t i = 0; i < contents.sets; ++i) {
        filler.add(core::PutSet{{.name = i == 0 ? std::string(kSet) : fmt::format("site-{}", i),
                                 .title = {},
                                 .description = {},
                                 .template_name = "refrigerator",
                                 .query = i == 0 ? "" : R"(tags.site == "oslo")",
                                 .changed_at = at(i)}});
    }
    for (std::size_t number = 1; number <= contents.devices; ++number) {
        filler.add(core::PutDevice{device(contents, number)});
    }
}

}  // namespace

std::string stored_device(const StoreContents& contents, std::size_t number) {
    return fmt::format("fridge-{:0{}}", number, fmt::formatted_size("{}", contents.devices));
}

void fill_store(const std::filesystem::path& path, const StoreContents& contents) {
    Filler filler(path);
    add_registry(filler, contents);
    for (std::uint64_t id = 1; id <= contents.jobs; ++id) {
        add_job(filler, contents, id, contents.executions_of_job);
    }
    if (contents.executions_of_last_job > 0) {
        add_job(filler, contents, contents.last_job(), contents.executions_of_last_job);
    }
    for (std::size_t i = 0; i < contents.audit_entries; ++i) {
        filler.add(core::AuditEntry{.at = at(i),
                                    .user = i % 1000 == 0 ? "carla"
                                            : i % 2 == 0  ? "anna"
                                                          : "bo",
                                    .action = i % 3 == 0 ? "job/run" : "device/put",
                                    .subject = std::to_string(i % 50'000),
                                    .detail = R"({"name":"x"})"});
    }
    filler.commit();
}

}  // namespace muster::bench
