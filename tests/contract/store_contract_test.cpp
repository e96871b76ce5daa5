// What every Store promises (daemon/store/store.hpp, daemon/core/change.hpp).
#include "tests/contract/changes.hpp"
#include "tests/contract/harness.hpp"
#include "tests/contract/store_text.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>

namespace muster::test {
namespace {

using core::ExecutionState;
using core::JobState;
using core::Reason;

template <class Harness>
void commit(Harness& harness, const Changes& changes) {
    REQUIRE(harness.store().commit(changes).has_value());
}

template <class Harness>
core::Execution stored_execution(Harness& harness, std::uint64_t job, std::uint32_t ordinal) {
    const auto page =
        harness.store()
            .executions({.job = JobId{job}, .from = store::ExecutionPosition{ordinal}, .most = 1})
            .value();
    REQUIRE(page.items.size() == 1);
    return page.items[0];
}

// The ordinals of every page of `most`.
template <class Harness>
std::string ordinals(Harness& harness, const store::ExecutionFilter& filter, std::size_t most = 100) {
    std::string text;
    std::optional<store::ExecutionPosition> from = store::ExecutionPosition{};
    while (from) {
        const auto page = harness.store()
                              .executions({.job = JobId{1}, .filter = filter, .from = from, .most = most})
                              .value();
        for (const auto& execution : page.items) {
            text += fmt::format("{} ", execution.ordinal);
        }
        text += page.next ? "| " : "";
        from = page.next;
    }
    return text;
}

// Everything a store can hold, once.
Changes one_of_everything() {
    core::Job job = job_of(1, JobState::failed);
    job.revision = 7;
    job.spec.description = "All of Oslo";
    job.spec.selection = {false, {device_id("fridge-0"), device_id("fridge-2")}};
    job.spec.type = core::JobType::commands;
    job.spec.operations = {{"defrost", boost::json::object{{"minutes", 10}}},
                           {"restart", boost::json::object{}}};
    job.spec.policy = {Seconds(3600), core::OfflineRule::wait, 100U};
    job.template_version = 3;
    job.parent = JobId{9};
    job.run_order = 12;
    job.started_at = at(2000);
    job.ended_at = at(9000);
    job.request = {"mail-17", "0a0b"};
    job.run_key = "anna/again";
    job.epoch = 5;
    job.tally = {5, 2, 0};
    job.outcomes = {{ExecutionState::failed, Reason::rejected, "out of \"range\"", 2}};

    core::Execution execution = failed(execution_of(1, 0), Reason::timeout, "sensor \xc3\xb8");
    execution.operation = 1;
    execution.attempts = 3;
    execution.progress = 40;
    execution.old_values = R"({"fanSpeed":1})";
    execution.turn_at = at(1);
    execution.first_sent_at = at(2);
    execution.last_sent_at = at(3);
    execution.not_before = at(4);

    core::Device empty;
    empty.id = device_id("fridge-1");
    core::DeviceSet set{"oslo", "Oslo", "In the north", "refrigerator", "tags.site == \"oslo\"", 4, at(7000)};
    core::StoredTemplate deleted = template_of("refrigerator", 2, "Fridge");
    deleted.deleted = true;
    return {core::PutTemplate{template_of("refrigerator", 1, "Refrigerator")},
            core::PutTemplate{deleted},
            core::PutSet{set},
            core::PutDevice{full_device("fridge-0")},
            core::PutDevice{empty},
            put_job(job),
            core::CreateExecutions{JobId{1}, fridges(3)},
            core::PutExecution{execution},
            core::PutLateAnswer{JobId{1}, 0, device_id("fridge-0"), 200, at(8000), 1},
            core::AuditEntry{at(10), "anna", "job/run", "1", R"({"devices":3})"}};
}

}  // namespace

#define EVERY_STORE MemoryHarness, SqliteHarness

TEST_CASE_TEMPLATE("a new store is empty and has an operation key that stays", Harness, EVERY_STORE) {
    Harness harness;
    const auto first = harness.store().load().value();
    CHECK(text_of(first) == "last job 0\n");
    harness.reopen();
    CHECK(harness.store().load().value().operation_key == first.operation_key);
}

TEST_CASE_TEMPLATE("every field of everything comes back, also from a store opened anew", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, one_of_everything());
    const std::string text = text_of(harness.store());
    CHECK(text ==
          R"(last job 1
template refrigerator v1 deleted=false at 6000 {"name":"refrigerator","title":"Refrigerator","settings":{"fanSpeed":{"schema":{"type":"integer","minimum":0,"maximum":5}}}}
template refrigerator v2 deleted=true at 6000 {"name":"refrigerator","title":"Fridge","settings":{"fanSpeed":{"schema":{"type":"integer","minimum":0,"maximum":5}}}}
set oslo 'Oslo' 'In the north' refrigerator 'tags.site == "oslo"' r4 at 7000
device fridge-0 refrigerator 'Lobby' {"site":"oslo"} {"location":"2nd floor"} {"fanSpeed":3} {"open":false,"temperature":4} remembers=8 online=true since 5000
device fridge-1  ''     remembers=0 online=false since -
job 1 r7 Failed refrigerator v3 parent 9 order 12 by anna key 'mail-17' '0a0b' run 'anna/again' created 1000 started 2000 ended 9000 tally 5/2/0 epoch 5 spec 'Job 1' 'All of Oslo' set refrigerators commands all=false fridge-0 fridge-2 defrost={"minutes":10} restart={} timeout=3600 offline=wait window=100
  Failed rejected 'out of "range"' x2
execution 1.0 fridge-0 Failed done reason='timeout' operation=1 attempts=3 progress=40 'sensor )"
          "\xc3\xb8"
          R"(' old={"fanSpeed":1} turn 1 first 2 last 3 not before 4 finished 4000 late 200 at 8000
execution 1.1 fridge-1 Pending queued reason='' operation=0 attempts=0 progress=0 '' old= turn - first - last - not before - finished - late 0 at -
execution 1.2 fridge-2 Pending queued reason='' operation=0 attempts=0 progress=0 '' old= turn - first - last - not before - finished - late 0 at -
audit 1 10 anna job/run 1 {"devices":3}
)");
    harness.reopen();
    CHECK(text_of(harness.store()) == text);
}

TEST_CASE_TEMPLATE("a list of changes applied twice gives the rows of applying it once", Harness,
                   EVERY_STORE) {
    Harness harness;
    Changes changes = one_of_everything();
    changes.pop_back();  // the audit log is a list of what happened
    commit(harness, changes);
    const std::string once = text_of(harness.store());
    commit(harness, changes);
    CHECK(text_of(harness.store()) == once);
}

TEST_CASE_TEMPLATE("changes apply in their order", Harness, EVERY_STORE) {
    Harness harness;
    core::Job job = job_of(1, JobState::completed);
    job.spec.name = "Renamed";
    commit(harness,
           {put_job(job_of(1, JobState::pending)), put_job(job), put_job(job_of(2, JobState::pending)),
            core::DeleteJob{JobId{2}}, core::PutDevice{full_device("a")}, core::DeleteDevice{device_id("a")},
            core::DeleteDevice{device_id("b")}, core::PutDevice{full_device("b")}});
    const auto snapshot = harness.store().load().value();
    REQUIRE(snapshot.jobs.size() == 1);
    CHECK(snapshot.jobs[0].spec.name == "Renamed");
    REQUIRE(snapshot.devices.size() == 1);
    CHECK(snapshot.devices[0].id == device_id("b"));
}

TEST_CASE_TEMPLATE("without space nothing of a commit is there, and later ones succeed", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, one_of_everything());
    const std::string before = text_of(harness.store());
    const Changes changes = {put_job(job_of(5, JobState::pending)), core::DeleteJob{JobId{1}},
                             core::AuditEntry{at(1), "bob", "job/delete", "1", ""}};
    harness.without_space([&] {
        const auto refused = harness.store().commit(changes);
        REQUIRE(!refused.has_value());
        CHECK(refused.error().code == ErrorCode::unavailable);
    });
    CHECK(text_of(harness.store()) == before);
    commit(harness, changes);
    CHECK(harness.store().load().value().last_job == 5);
    CHECK(harness.store().audit({.most = 1}).value().items[0].number == 2);
    harness.reopen();
    CHECK(harness.store().load().value().jobs.size() == 1);
}

TEST_CASE_TEMPLATE("after the disk has failed every call fails, until the store is opened anew", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, {put_job(job_of(1, JobState::pending))});
    harness.with_failing_disk([&] {
        const auto refused = harness.store().commit(Changes{put_job(job_of(2, JobState::pending))});
        REQUIRE(!refused.has_value());
        CHECK(refused.error().code == ErrorCode::internal);
    });
    CHECK(harness.store().commit(Changes{}).error().code == ErrorCode::internal);
    CHECK(harness.store().load().error().code == ErrorCode::internal);
    CHECK(harness.store().executions({.job = JobId{1}, .most = 1}).error().code == ErrorCode::internal);
    CHECK(harness.store().device_executions(device_id("a"), JobId::none, 1).error().code ==
          ErrorCode::internal);
    CHECK(harness.store().audit({.most = 1}).error().code == ErrorCode::internal);
    harness.reopen();
    commit(harness, {put_job(job_of(3, JobState::pending))});
    CHECK(harness.store().load().value().jobs.front().id == JobId{1});
}

TEST_CASE_TEMPLATE("an execution is overwritten but for its device, old values and late answer", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(1, JobState::running, 2));
    core::Execution sent = execution_of(1, 1);
    sent.phase = core::Phase::sent;
    sent.attempts = 2;
    sent.old_values = R"({"fanSpeed":1})";
    sent.turn_at = at(10);
    commit(harness, {core::PutExecution{sent}});
    CHECK(text_of(stored_execution(harness, 1, 1)) == text_of(sent));

    core::Execution ended = failed(execution_of(1, 1), Reason::timeout, "no answer");
    ended.device = device_id("another");
    ended.late_code = 500;
    commit(harness, {core::PutExecution{ended}});
    core::Execution expected = ended;
    expected.device = device_id("fridge-1");
    expected.old_values = sent.old_values;
    expected.late_code = 0;
    CHECK(text_of(stored_execution(harness, 1, 1)) == text_of(expected));

    commit(harness, {core::PutLateAnswer{JobId{1}, 1, device_id("fridge-1"), 200, at(99)}});
    ended.old_values = "{}";
    commit(harness, {core::PutExecution{ended}, core::PutExecution{execution_of(1, 7)}});
    expected.old_values = "{}";
    expected.late_code = 200;
    expected.late_at = at(99);
    CHECK(text_of(stored_execution(harness, 1, 1)) == text_of(expected));
    CHECK(ordinals(harness, {}) == "0 1 ");
}

TEST_CASE_TEMPLATE("a Pending execution overwrites whatever is stored", Harness, EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(1, JobState::running, 1));
    commit(harness, {core::PutExecution{failed(execution_of(1, 0), Reason::offline, "offline")}});
    commit(harness, {core::PutExecution{execution_of(1, 0)}});
    CHECK(text_of(stored_execution(harness, 1, 0)) == text_of(execution_of(1, 0)));
    CHECK(ordinals(harness, {.state = ExecutionState::pending}) == "0 ");
    CHECK(ordinals(harness, {.reason = Reason::offline}) == "");
}

TEST_CASE_TEMPLATE("creating executions again leaves them as they are", Harness, EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(1, JobState::running, 2));
    commit(harness, {core::PutExecution{completed(execution_of(1, 0))}});
    commit(harness, {core::CreateExecutions{JobId{1}, fridges(3)}});
    CHECK(stored_execution(harness, 1, 0).state == ExecutionState::completed);
    CHECK(ordinals(harness, {}) == "0 1 2 ");
}

TEST_CASE_TEMPLATE("a late answer counts once, for the Failed execution of its device alone", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(1, JobState::running, 3));
    commit(harness, {core::PutExecution{failed(execution_of(1, 0), Reason::timeout, "no answer")},
                     core::PutExecution{completed(execution_of(1, 1))}});
    const auto late = [](std::uint32_t ordinal, std::string_view device, std::int32_t code) {
        return core::PutLateAnswer{JobId{1}, ordinal, device_id(device), code, at(77)};
    };
    commit(harness, {late(0, "fridge-1", 200), late(1, "fridge-1", 200), late(2, "fridge-2", 200),
                     late(3, "fridge-3", 200)});
    for (const std::uint32_t ordinal : {0U, 1U, 2U}) {
        CHECK(stored_execution(harness, 1, ordinal).late_code == 0);
    }
    commit(harness, {late(0, "fridge-0", 200), late(0, "fridge-0", 500)});
    CHECK(stored_execution(harness, 1, 0).late_code == 200);
    CHECK(stored_execution(harness, 1, 0).late_at == at(77));
}

TEST_CASE_TEMPLATE("what the device refused itself, or another operation, has no late answer", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(1, JobState::running, 2));
    commit(harness, {core::PutExecution{failed(execution_of(1, 0), Reason::rejected, "door open")},
                     core::PutExecution{failed(execution_of(1, 1), Reason::timeout, "no answer")}});
    commit(harness, {core::PutLateAnswer{JobId{1}, 0, device_id("fridge-0"), 400, at(77)},
                     core::PutLateAnswer{JobId{1}, 1, device_id("fridge-1"), 200, at(77), 1}});
    CHECK(stored_execution(harness, 1, 0).late_code == 0);
    CHECK(stored_execution(harness, 1, 1).late_code == 0);
}

TEST_CASE_TEMPLATE("presence changes nothing else, and makes no device", Harness, EVERY_STORE) {
    Harness harness;
    commit(harness, {core::PutDevice{full_device("a")}, core::PutPresence{device_id("a"), false, at(88)},
                     core::PutPresence{device_id("b"), true, at(88)}});
    core::Device expected = full_device("a");
    expected.online = false;
    expected.presence_since = at(88);
    CHECK(harness.store().load().value().devices == std::deque{expected});
}

TEST_CASE_TEMPLATE("every version of a template stays, in the order they came", Harness, EVERY_STORE) {
    Harness harness;
    core::StoredTemplate gone = template_of("b", 1, "gone");
    gone.deleted = true;
    commit(harness,
           {core::PutTemplate{template_of("b", 1, "first")}, core::PutTemplate{template_of("a", 1, "x")},
            core::PutTemplate{template_of("b", 2, "second")}, core::PutTemplate{gone}});
    std::string found;
    for (const auto& stored : harness.store().load().value().templates) {
        found += fmt::format("{}{}{} ", stored.body->title, stored.version, stored.deleted ? "-" : "");
    }
    CHECK(found == "gone1- x1 second2 ");
}

TEST_CASE_TEMPLATE("a deleted job takes its executions along, and its number is not forgotten", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(3, JobState::stopped, 5));
    commit(harness, job_on_fridges(1, JobState::stopped, 2));
    commit(harness, {core::DeleteJob{JobId{3}}});
    const auto snapshot = harness.store().load().value();
    CHECK(snapshot.last_job == 3);
    CHECK(snapshot.jobs.size() == 1);
    CHECK(snapshot.executions.size() == 2);
    CHECK(harness.store().executions({.job = JobId{3}, .most = 10}).value().items.empty());
    CHECK(harness.store().device_executions(device_id("fridge-0"), JobId::none, 10).value().size() == 1);
}

TEST_CASE_TEMPLATE("B01: jobs under way are loaded with the tally and outcomes of their rows", Harness,
                   EVERY_STORE) {
    Harness harness;
    for (const auto state : {JobState::running, JobState::stopped, JobState::failed}) {
        const auto id = static_cast<std::uint64_t>(state);
        core::Job job = job_of(id, state);
        job.tally = {70, 80, 90};
        job.outcomes = {{ExecutionState::failed, Reason::offline, "as stored", 80}};
        commit(harness, {put_job(job), core::CreateExecutions{job.id, fridges(6)},
                         core::PutExecution{completed(execution_of(id, 0))},
                         core::PutExecution{completed(execution_of(id, 1), "warm")},
                         core::PutExecution{failed(execution_of(id, 2), Reason::timeout, "no answer")},
                         core::PutExecution{failed(execution_of(id, 3), Reason::rejected, "range")},
                         core::PutExecution{failed(execution_of(id, 4), Reason::rejected, "range")}});
    }
    const auto snapshot = harness.store().load().value();
    CHECK(snapshot.executions.size() == 12);
    REQUIRE(snapshot.jobs.size() == 3);
    for (const core::Job& job : snapshot.jobs) {
        if (job.state == JobState::failed) {
            CHECK(job.tally == core::Tally{70, 80, 90});
            CHECK(job.outcomes[0].message == "as stored");
            continue;
        }
        CHECK(job.tally == core::Tally{2, 3, 1});
        CHECK(job.outcomes ==
              std::vector<core::OutcomeCount>{{ExecutionState::completed, Reason::none, "warm", 1},
                                              {ExecutionState::failed, Reason::rejected, "range", 2},
                                              {ExecutionState::failed, Reason::timeout, "no answer", 1}});
    }
}

}  // namespace muster::test
