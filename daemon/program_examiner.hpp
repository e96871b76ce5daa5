// What musterd says of its own process, machine and configuration.
//
// Threads: examine() and disk() from the engine thread, change_options() from the
// main thread. A check of the store has a thread of its own, which the destructor ends.
#pragma once

#include "config/daemon_options.hpp"
#include "daemon/api/examiner.hpp"
#include "daemon/store/sqlite/integrity.hpp"
#include "protocol/time.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace muster {

class ProgramExaminer final : public api::Examiner {
public:
    // `run` tells this process from every other musterd.
    ProgramExaminer(config::DaemonOptions options, std::string run);
    ~ProgramExaminer() override;
    ProgramExaminer(const ProgramExaminer&) = delete;
    ProgramExaminer& operator=(const ProgramExaminer&) = delete;

    void change_options(const config::DaemonOptions& options);

    [[nodiscard]] boost::json::object examine(bool check_store) override;
    [[nodiscard]] boost::json::object disk() const override;

private:
    void begin_store_check();
    void check_store();
    [[nodiscard]] boost::json::object store_check();

    const std::string run_;
    const std::string store_path_;
    mutable std::mutex mutex_;  // guards what follows
    config::DaemonOptions options_;
    bool checking_ = false;
    std::optional<store::Integrity> checked_;
    TimePoint checked_at_{};
    Milliseconds check_took_{0};

    std::atomic<bool> stop_{false};
    std::thread checker_;  // the engine thread's
};

}  // namespace muster
