// A systemd of the test's own, on this machine's files, where what it changes is
// thrown away (machine.sh).
//
// Threads: one, which has to outlive it.
#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace muster::test {

class Machine {
public:
    // Boots with `files` laid over the root; booted when it returns, or not allowed.
    // Throws std::runtime_error when it does not boot though it may.
    explicit Machine(const std::filesystem::path& files);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    // Why there is none here; empty: there is.
    [[nodiscard]] const std::string& refused() const noexcept { return refused_; }
    // A program inside, to its end.
    [[nodiscard]] Finished run(const std::vector<std::string>& command) const;
    // The value of a property of a unit: "active".
    [[nodiscard]] std::string show(const std::string& unit, const std::string& property) const;
    // Waits until a property has a value; false: it never had.
    [[nodiscard]] bool await(const std::string& unit, const std::string& property,
                             const std::string& value) const;

private:
    [[nodiscard]] std::vector<std::string> inside(const std::vector<std::string>& command) const;

    TempDir directory_;
    std::string name_;
    std::unique_ptr<Process> outside_;
    int first_process_ = 0;  // PID 1 of the machine, as this one numbers it
    std::string refused_;
};

}  // namespace muster::test
