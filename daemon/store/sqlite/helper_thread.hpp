// A thread that does one thing at a time for another, which goes on meanwhile.
//
// Threads: begin, at_work and wait from one; the task runs on its own. What a task wrote may be
// read once at_work() says false, or wait() has returned.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace muster::store::sqlite {

class HelperThread {
public:
    HelperThread() : thread_([this] { run(); }) {}
    // Waits for the end of what is at work.
    ~HelperThread();
    HelperThread(const HelperThread&) = delete;
    HelperThread& operator=(const HelperThread&) = delete;

    // Not while another is at work.
    void begin(std::function<void()> task);
    [[nodiscard]] bool at_work() const;
    void wait();

private:
    void run();

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> task_;  // empty: none is at work
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace muster::store::sqlite
