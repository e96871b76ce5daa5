// One round of the soak: a fleet, one job on all of it, others beside, as many
// kills as wanted while they run, and then peace, in which every job has to end
// and everything is counted.
//
// Threads: one.
#pragma once

#include "tests/crash/rig.hpp"
#include "tests/crash/torment.hpp"
#include "tests/crash/workload.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace muster::crash {

class Round {
public:
    // Everything runs when it returns, and the main job is under way.
    // `devices`: of the main job, at least 60. Throws std::runtime_error.
    Round(std::uint64_t seed, std::size_t devices, Figures& figures);

    // Breaks what it wants.
    void endure(const std::function<void(Torment&)>& what);
    // Peace, and the count. Call it once, at last.
    void settle();
    // A sentence each.
    [[nodiscard]] std::vector<std::string> violations();
    std::filesystem::path keep_files() { return rig_.keep_files(); }
    [[nodiscard]] Rig& rig() { return rig_; }

private:
    struct Ended {
        boost::json::value job;
        std::vector<boost::json::value> rows;
    };

    void start_fleet(std::size_t devices);
    void await_fleet(std::size_t devices);
    void make_store();
    void take_jobs();
    void check_csv(const Ended& ended);
    void check_verdicts(const Ended& ended);
    [[nodiscard]] std::size_t times_executed(std::int64_t job, std::size_t ordinal,
                                             std::size_t messages) const;
    void check_retained();
    void check_devices();
    void take_repeated(const std::string& operation, std::int64_t times);
    // What is wrong with the retained job topics; empty: nothing.
    [[nodiscard]] std::string retained_fault();
    void require(bool holds, const std::string& what);

    const std::uint64_t seed_;
    Figures& figures_;
    Rig rig_;
    Workload workload_;
    Torment torment_;
    std::vector<Ended> ended_;
    // How often devices executed each operation.
    std::map<std::string, std::int64_t> executed_;
};

}  // namespace muster::crash
