// Moves the log into the file while the store goes on committing: tens of milliseconds for a
// long log, for which whoever reads would have to wait. SQLite lets one connection do that beside
// another that writes (https://sqlite.org/wal.html, "Checkpointing"). What is committed meanwhile
// stays in the log, which begins anew only once all of it was moved: the last, small piece
// is left to the one that writes.
//
// Threads: used from one; the moving is on a thread of its own.
#pragma once

#include "daemon/store/sqlite/database.hpp"
#include "protocol/result.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

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
    // Waits for the end of what is going on.
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    // Moves what is in the log by now; not while that is going on.
    void begin();
    [[nodiscard]] bool at_work() const;
    // What became of the last that was begun and is not at work any more.
    [[nodiscard]] Moved outcome() const;

private:
    explicit Checkpointer(std::unique_ptr<Database> database);
    void run();

    std::unique_ptr<Database> database_;  // the thread's
    mutable std::mutex mutex_;
    std::condition_variable asked_;
    bool wanted_ = false;
    bool stopped_ = false;
    Moved moved_;
    std::thread thread_;
};

}  // namespace muster::store::sqlite
