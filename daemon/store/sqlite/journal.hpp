// Between commits and tables: changes that come in floods (of executions, devices
// and their presence) are made durable as one row for a whole commit, and go into
// their tables later, each only as it was last. An operation of a job changes its
// execution twice and its device twice; a row costs more than all else that is done
// for it, so half of the rows is what this saves.
//
// A job's executions are made little by little: a row with its indexes takes as long as three
// acks, and a million of them held up everything for seconds. One is there before something is
// written to it; whoever reads before all are there is told so, or is given what they will be.
//
// What else waits is bounded (OpenOptions::journaled) and leaves oldest first, in the transactions
// of later commits. Changes of another kind go into their tables at once; where one
// builds on rows for which something waits, all that waits goes first. A store that is
// opened applies what the journal's rows hold; they are idempotent, as changes are.
//
// Threads: those of the Database.
#pragma once

#include "daemon/core/change.hpp"
#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/sqlite/writer.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::store::sqlite {

class Journal {
public:
    // Applies what the rows hold, in a transaction of its own (none when there are none).
    // `writer` is of the same database; `most` changes wait at most, and each write() makes so
    // many executions.
    [[nodiscard]] static Result<Journal> open(Database& database, Writer writer, std::size_t most = 0,
                                              std::uint32_t made_at_once = 0);
    [[nodiscard]] Writer& writer() noexcept { return writer_; }
    // Whether its rows held something when it was opened.
    [[nodiscard]] bool replayed() const noexcept { return replayed_; }

    // These run inside the caller's transaction; ended() must follow. Errors: see
    // storage_error. The transaction must then be rolled back.
    [[nodiscard]] Result<void> write(std::span<const core::Change> changes);
    // All that waits goes into the tables.
    [[nodiscard]] Result<void> settle();
    // For somebody who reads: what waits of the executions of a job or of a device, as far as they are made.
    // Of those that are to be on the page some are made, all of them if it is of all in the order of
    // ordinals. How many the job has then, if that is not enough.
    [[nodiscard]] Result<std::optional<std::uint32_t>> settle(const ExecutionQuery& page);
    [[nodiscard]] Result<void> settle(const DeviceId& device);
    // Executions of a device that are not made, as they will be, of jobs below `before` (none: of all); 20 ns
    // for each that is not, of any device.
    [[nodiscard]] std::vector<core::Execution> not_made(const DeviceId& device, JobId before) const;
    // Makes some executions of a job, for when there is nothing to write. Whether there were any to make.
    [[nodiscard]] Result<bool> tidy();
    // How the transaction of these ended.
    void ended(bool committed);

    // Whether there is something for these settle() to do; for a device perhaps.
    [[nodiscard]] bool has_executions() const noexcept { return !executions_.empty() || !making_.empty(); }
    [[nodiscard]] bool has_executions_of(JobId job) const noexcept {
        const auto found = by_job_.find(job);
        return (found != by_job_.end() && found->second.unread > 0) || is_being_made(job);
    }

private:
    using ExecutionKey = std::pair<JobId, std::uint32_t>;
    struct Waiting {
        core::Change change;
        std::int64_t row = 0;  // the journal's, which first made it durable
        bool is_read = false;  // somebody read it: it is in its table, and waits only for its turn to leave
    };
    struct OfJob {  // executions that wait
        std::uint32_t all = 0;
        std::uint32_t unread = 0;
        std::uint32_t end = 0;  // behind the highest ordinal among them
    };

    // A job's executions, of which so many are in the table.
    struct Making {
        core::CreateExecutions change;
        std::int64_t row = 0;
        core::DeviceIds::Iterator next;
        std::uint32_t made = 0;

        Making(core::CreateExecutions created, std::int64_t number)
            : change(std::move(created)), row(number), next(change.devices->begin()) {}
        [[nodiscard]] std::uint32_t left() const noexcept {
            return static_cast<std::uint32_t>(change.devices->size()) - made;
        }
    };

    Journal(Database& database, Writer writer, std::size_t most, std::uint32_t made_at_once) noexcept
        : database_(&database), writer_(std::move(writer)), most_(most), made_at_once_(made_at_once) {}
    [[nodiscard]] Result<void> replay();
    // Whether a change builds on rows for which something waits.
    [[nodiscard]] bool needs_rows(const core::Change& change) const;
    template <class Wanted>
    [[nodiscard]] Result<void> write_executions(Wanted&& wanted);
    [[nodiscard]] Result<void> write_rows(std::size_t count);
    [[nodiscard]] Result<void> write_all(const core::Change& change);
    [[nodiscard]] bool is_being_made(JobId job) const noexcept;
    [[nodiscard]] bool is_made(const core::Execution& execution) const noexcept;
    // The page has no executions with an ordinal from this one on.
    [[nodiscard]] std::uint32_t end_of(const ExecutionQuery& page) const;
    [[nodiscard]] Result<void> drop_making(JobId job);
    [[nodiscard]] Result<void> make(Making& making, std::uint32_t count);
    [[nodiscard]] Result<void> make_some(std::uint32_t count);
    [[nodiscard]] Result<void> make_all(std::optional<JobId> of = std::nullopt);
    // The execution that it is for is made first.
    [[nodiscard]] Result<void> apply(const core::Change& change);
    [[nodiscard]] Result<void> add_rows();
    [[nodiscard]] Result<void> add_row(std::int64_t number, std::string_view bytes);
    [[nodiscard]] Result<void> delete_rows(std::int64_t first, std::int64_t last);
    [[nodiscard]] Result<void> delete_written();
    void keep(core::Change change, std::int64_t row);
    void forget(std::size_t count);
    void be_read(Waiting& waiting);
    // The place of what waits for the same row; a new one at the end when there is none.
    [[nodiscard]] std::pair<std::uint64_t, bool> place_of(const core::Change& change);

    Database* database_;
    Writer writer_;
    std::size_t most_;
    std::uint32_t made_at_once_;
    Statement add_;
    Statement delete_;
    std::int64_t last_row_ = 0;
    bool replayed_ = false;

    // Places count on, so that they stay when the oldest leave.
    std::deque<Waiting> waiting_;
    std::uint64_t first_place_ = 0;
    boost::unordered_flat_map<ExecutionKey, std::uint64_t> executions_;
    boost::unordered_flat_map<std::string, std::uint64_t> devices_;
    boost::unordered_flat_map<JobId, OfJob> by_job_;

    // In the order in which the jobs began; of the transaction at work, and as it was before it.
    // Each has a row of the journal of its own, which may stay when later ones have left.
    std::vector<Making> making_;
    std::vector<Making> before_;

    // Of the transaction at work: what write() took, how many of the oldest have gone to
    // their tables, and which others.
    std::vector<core::CreateExecutions> created_;
    std::vector<core::Change> taken_;
    std::string bytes_;
    std::size_t written_ = 0;
    std::vector<std::size_t> read_;  // indexes into waiting_
};

}  // namespace muster::store::sqlite
