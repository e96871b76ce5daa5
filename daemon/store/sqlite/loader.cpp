#include "daemon/store/sqlite/loader.hpp"

#include "daemon/core/text_pool.hpp"
#include "daemon/store/recount.hpp"
#include "daemon/store/sqlite/codes.hpp"
#include "daemon/store/sqlite/execution_rows.hpp"
#include "daemon/store/sqlite/job_rows.hpp"
#include "daemon/store/sqlite/registry_rows.hpp"
#include "daemon/store/sqlite/row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

namespace muster::store::sqlite {
namespace {

// Executions under way that room is made for in advance.
constexpr std::int64_t kMostExpected = 4'000'000;

Result<void> load_gateway(Database& database, core::Snapshot& snapshot) {
    auto statement = database.prepare("SELECT operation_key, last_job, epoch FROM gateway");
    if (!statement) {
        return statement.error();
    }
    const auto row = statement->step();
    if (!row) {
        return row.error();
    }
    const std::string_view key = *row ? statement->text(0) : std::string_view{};
    if (key.size() != snapshot.operation_key.size()) {
        return damaged_row("gateway");
    }
    std::ranges::transform(key, snapshot.operation_key.begin(),
                           [](char byte) { return static_cast<std::uint8_t>(byte); });
    snapshot.last_job = static_cast<std::uint64_t>(statement->number(1));
    snapshot.epoch = static_cast<std::uint64_t>(statement->number(2));
    return {};
}

// Every row of `sql` as `read` makes it, put behind `things`.
template <class Thing>
Result<void> load_all(Database& database, const char* sql, Result<Thing> (*read)(const Statement&),
                      std::vector<Thing>& things) {
    auto statement = database.prepare(sql);
    if (!statement) {
        return statement.error();
    }
    return for_each_row(*statement, read, [&](Thing&& thing) { things.push_back(std::move(thing)); });
}

// By id. What devices have alike is in memory once from the start.
Result<void> load_devices(Database& database, std::deque<core::Device>& devices) {
    auto statement = database.prepare(kAllDevices);
    if (!statement) {
        return statement.error();
    }
    core::TextPool texts;
    return for_each_row(*statement, read_device, [&](core::Device&& device) {
        core::share_texts(device, texts);
        devices.push_back(std::move(device));
    });
}

// Room for all of them at once: to move a million from one place to a larger one again and again
// takes a tenth of a start, and half as much memory again.
Result<void> make_room_for_executions(Database& database, core::Snapshot& snapshot) {
    auto statement =
        database.prepare("SELECT ifnull(max(ordinal), -1) FROM executions NOT INDEXED WHERE job = ?");
    if (!statement) {
        return statement.error();
    }
    std::int64_t count = 0;
    for (const core::Job& job : snapshot.jobs) {
        if (is_under_way(job.state)) {
            statement->bind(1, code_of(job.id));
            const Rewind rewind(*statement);
            const auto row = statement->step();
            if (!row) {
                return row.error();
            }
            count += statement->number(0) + 1;
        }
    }
    // A damaged row may claim any place; those that are there are counted as they are read.
    snapshot.executions.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(count, 0, kMostExpected)));
    return {};
}

Result<void> load_executions(Database& database, core::Snapshot& snapshot) {
    if (auto made = make_room_for_executions(database, snapshot); !made) {
        return made;
    }
    auto statement = database.prepare(
        fmt::format("SELECT {} FROM executions WHERE job = ? ORDER BY ordinal", kExecutionColumns));
    if (!statement) {
        return statement.error();
    }
    for (core::Job& job : snapshot.jobs) {
        if (!is_under_way(job.state)) {
            continue;
        }
        Recount recount;
        statement->bind(1, code_of(job.id));
        auto loaded = for_each_row(*statement, read_execution, [&](core::Execution&& execution) {
            recount.add(execution);
            snapshot.executions.push_back(std::move(execution));
        });
        if (!loaded) {
            return loaded;
        }
        job.tally = recount.tally();
        job.outcomes = recount.outcomes();
    }
    return {};
}

}  // namespace

Result<core::Snapshot> load_snapshot(Database& database) {
    core::Snapshot snapshot;
    auto loaded = load_gateway(database, snapshot);
    if (loaded) {
        loaded = load_all(database, kAllTemplates, read_template, snapshot.templates);
    }
    if (loaded) {
        loaded = load_all(database, kAllSets, read_set, snapshot.sets);
    }
    if (loaded) {
        loaded = load_devices(database, snapshot.devices);
    }
    if (loaded) {
        loaded = load_all(database, kAllJobs, read_job, snapshot.jobs);
    }
    if (loaded) {
        loaded = load_executions(database, snapshot);
    }
    if (!loaded) {
        return loaded.error();
    }
    return snapshot;
}

}  // namespace muster::store::sqlite
