#include "daemon/store/sqlite/helper_thread.hpp"

#include <utility>

namespace muster::store::sqlite {

HelperThread::~HelperThread() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void HelperThread::begin(std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        task_ = std::move(task);
    }
    changed_.notify_all();
}

bool HelperThread::at_work() const {
    const std::lock_guard lock(mutex_);
    return static_cast<bool>(task_);
}

void HelperThread::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !task_; });
}

void HelperThread::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return task_ || stopped_; });
        if (!task_) {
            return;
        }
        lock.unlock();
        task_();
        lock.lock();
        task_ = nullptr;
        changed_.notify_all();
    }
}

}  // namespace muster::store::sqlite
