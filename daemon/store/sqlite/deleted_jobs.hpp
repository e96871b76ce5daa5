// Jobs that are deleted and whose executions are not removed yet. A million rows
// take seconds: nobody waits for that, so the job is noted here, which hides them,
// and they go a slice at a time. The table is the list of what is left to do, so a
// store that is opened again goes on with it.
//
// Threads: those of the Database. Everything happens inside the caller's transaction.
#pragma once

#include "daemon/store/sqlite/database.hpp"
#include "protocol/ids.hpp"

namespace muster::store::sqlite {

// Rows that one slice removes: a few milliseconds, with their indexes.
inline constexpr std::int64_t kDeletedAtOnce = 1'000;

class DeletedJobs {
public:
    DeletedJobs() = default;
    [[nodiscard]] static Result<DeletedJobs> prepare(Database& database);

    // Its executions are gone for all who read.
    [[nodiscard]] Result<void> add(JobId job);
    // A job of this number is made anew: nothing of an earlier one may be left. Does
    // nothing in a life of musterd, which gives a number once.
    [[nodiscard]] Result<void> remove_all(JobId job);
    // One slice of one job. Answers whether there is more.
    [[nodiscard]] Result<bool> remove_some();

private:
    Statement add_;
    Statement first_;     // a job that is noted
    Statement is_noted_;  // whether it is
    Statement oldest_;    // lowest ordinal that is left
    Statement remove_;    // executions of a job below an ordinal
    Statement forget_;
};

}  // namespace muster::store::sqlite
