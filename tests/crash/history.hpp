// What a client was told, in the order in which it was told, and whether it all
// holds together: what was answered stays so, whatever was killed in between.
//
// A request without an answer may have been carried out, once, or not at all.
// The client's requests are carried out in the order in which they were asked,
// and everything that musterd publishes arrives in the order in which it was
// published; only what the broker had retained may be old.
//
// Threads: a plain value, used by one.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace muster::crash {

// One value of the registry that clients write and read.
class Register {
public:
    using Value = std::string;

    void asked(std::uint64_t request, Value value);
    void written(std::uint64_t request);
    void refused(std::uint64_t request);
    // Whether a read, asked as `request`, may have found this. If so, it is known from now on.
    [[nodiscard]] bool explains(std::uint64_t request, const Value& found);
    // For a person: the values that may be there.
    [[nodiscard]] std::string candidates() const;

private:
    void settle(std::uint64_t request, Value value);

    Value settled_;
    std::map<std::uint64_t, Value> unknown_;  // asked after it, without an answer
};

class History {
public:
    using Job = std::uint64_t;
    enum class Freshness { live, retained };

    // ---- Requests, numbered in the order in which they were asked.
    // Save (of a new job), run, stop, delete and the puts are followed up, and
    // what the reads find is checked; other verbs pass.
    void asked(std::uint64_t request, std::string verb, boost::json::object body);
    // The whole reply (SPEC 6.3). One that nobody asked for is a violation.
    void answered(std::uint64_t request, const boost::json::value& reply);

    // ---- What is published.
    // A retained job topic; an empty payload (null) says that the job is gone.
    void saw_job_topic(Job job, const boost::json::value& payload, Freshness freshness);
    void saw_event(const boost::json::value& payload);
    // An operation message to a device; `repeatable`: the device remembers ids.
    void saw_operation(std::string_view operation, bool repeatable);

    // ---- The end: everything is quiet, and every request was answered or is too old to be.
    // `job` as job/get has it, `rows` all its executions as job/devices has them.
    void check_ended(const boost::json::value& job, const std::vector<boost::json::value>& rows);

    // The jobs that must be there: answered or seen, and not asked to be deleted.
    [[nodiscard]] std::vector<Job> jobs() const;
    // As told last; empty for one that was never told.
    [[nodiscard]] std::string status(Job job) const;
    [[nodiscard]] std::string name(Job job) const;
    [[nodiscard]] bool stop_was_asked(Job job) const;

    // Facts held against what was told before.
    [[nodiscard]] std::uint64_t checked() const noexcept { return checked_; }
    // A sentence each; the first kMostViolations of them.
    [[nodiscard]] const std::vector<std::string>& violations() const noexcept { return violations_; }
    void violate(std::string what);

private:
    static constexpr std::size_t kMostViolations = 50;

    struct Asked {
        std::string verb;
        boost::json::object body;
        [[nodiscard]] std::optional<Job> job() const;
    };
    struct Save {
        std::uint64_t request = 0;
        bool run = false;
    };
    struct Tally {
        std::int64_t selected = 0;
        std::int64_t succeeded = 0;
        std::int64_t failed = 0;
        std::int64_t pending = 0;
    };
    struct Record {
        std::string name;
        std::string specification;  // empty: not told yet
        std::string status;         // empty: not told yet
        Tally tally;
        std::uint64_t run_asked = 0;  // the last such request
        std::uint64_t run_answered = 0;
        std::uint64_t stop_asked = 0;
        std::uint64_t stop_answered = 0;
        bool delete_asked = false;
        bool deleted = false;
        // Status, reason, message and time of terminal executions, by device.
        std::map<std::string, std::string> verdicts;
    };

    void note_asked(std::uint64_t request, const Asked& asked);
    void take_refusal(std::uint64_t request, const Asked& asked, const boost::json::value& reply);
    void take_result(std::uint64_t request, const Asked& asked, const boost::json::value& result);
    void take_saved(std::uint64_t request, const Asked& asked, const boost::json::value& result);
    void take_run(std::uint64_t request, const boost::json::value& result);
    void take_stopped(std::uint64_t request, const boost::json::value& result);
    void take_list(const boost::json::value& result);
    void take_rows(Job job, const boost::json::array& rows);
    void take_read(std::uint64_t request, const Asked& asked, const boost::json::value* found);

    // The record of a job that is told of, made when it is new; null when it cannot be.
    Record* record_of(Job job, const std::string& name);
    void tell_job(const boost::json::value& document);
    void tell_state(Job job, Record& record, const boost::json::value& document);
    void tell_verdict(Job job, Record& record, const boost::json::value& row);
    [[nodiscard]] static std::string objection(const Record& record, const std::string& status);
    [[nodiscard]] static std::string objection(const Record& record, const Tally& tally,
                                               const std::string& status);
    bool require(bool holds, Job job, const std::string& what);

    std::map<std::uint64_t, Asked> asked_;
    std::map<Job, Record> records_;
    std::map<std::string, Job> names_;   // of jobs that were told
    std::map<std::string, Save> saves_;  // by the name that was asked for
    std::map<std::string, Register> registers_;
    std::set<std::string> operations_;  // seen, of devices that do not remember
    std::vector<std::string> violations_;
    std::uint64_t checked_ = 0;
};

}  // namespace muster::crash
