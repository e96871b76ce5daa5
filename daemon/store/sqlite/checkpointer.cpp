#include "daemon/store/sqlite/checkpointer.hpp"

#include <utility>

namespace muster::store::sqlite {

Result<std::unique_ptr<Checkpointer>> Checkpointer::start(const std::string& path) {
    // Closing it must not write: it may close because the disk has failed.
    auto database = Database::open_reader(path);
    if (!database) {
        return database.error();
    }
    return std::unique_ptr<Checkpointer>(new Checkpointer(std::move(*database)));
}

Checkpointer::Checkpointer(std::unique_ptr<Database> database)
    : database_(std::move(database)), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    asked_.notify_one();
    thread_.join();
}

void Checkpointer::begin() {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = true;
    }
    asked_.notify_one();
}

bool Checkpointer::at_work() const {
    const std::lock_guard lock(mutex_);
    return wanted_;
}

Checkpointer::Moved Checkpointer::outcome() const {
    const std::lock_guard lock(mutex_);
    return moved_;
}

void Checkpointer::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        asked_.wait(lock, [this] { return wanted_ || stopped_; });
        if (stopped_) {
            return;
        }
        lock.unlock();
        const auto pages = database_->checkpoint();
        const auto moved = pages ? Moved{*pages} : Moved{0, pages.error(), database_->take_state()};
        lock.lock();
        moved_ = moved;
        wanted_ = false;
    }
}

}  // namespace muster::store::sqlite
