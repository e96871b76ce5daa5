// Moves the log into the file while the store goes on committing: tens of milliseconds for a
// long log, for which whoever reads would have to wait. SQLite lets one connection do that beside
// another that writes (https://sqlite.org/wal.html, "Checkpointing"). What is committed meanwhile
// stays in the log, which begins anew only once all of it was moved: for the last, small piece the one
// that writes has to wait.
//
// Threads: used from one; the moving is on a thread of its own.
#pragma once

#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/sqlite/helper_thread.hpp"
#include "protocol/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace muster::store::sqlite {

class Checkpointer {
public:
    struct Moved {
        int pages = 0;  // of the log, from its beginning, that are in the file now
        std::optional<Error> error{};
        StoreState state = StoreState::ok;  // what the error makes of the store
    };

    // Of the file at this absolute path. Errors: see storage_error.
    [[nodiscard]] static Result<std::unique_ptr<Checkpointer>> start(const std::string& path);

    // Moves what is in the log by now; not while that is going on.
    void begin();
    [[nodiscard]] bool at_work() const { return thread_.at_work(); }
    void wait() { thread_.wait(); }
    // What became of the last that was begun and is not at work any more.
    [[nodiscard]] const Moved& outcome() const noexcept { return moved_; }

private:
    explicit Checkpointer(std::unique_ptr<Database> database) : database_(std::move(database)) {}

    std::unique_ptr<Database> database_;  // the thread's
    Moved moved_;                         // the thread's while it is at work
    HelperThread thread_;                 // ends first
};

}  // namespace muster::store::sqlite
