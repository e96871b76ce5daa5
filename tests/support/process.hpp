// Programs as a test uses them: started, watched, signalled by their id, and
// gone when the test is over, however it ends.
//
// Threads: a Process is used from one thread. The kernel kills the program
// when the thread that started it ends, so no program outlives its test.
#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace muster::test {

using Milliseconds = std::chrono::milliseconds;

// Longer than anything here takes on a slow machine; reaching it is a failure.
inline constexpr Milliseconds kPatience{60'000};

class Process {
public:
    // Starts command[0] (found on PATH) at once; standard output and error go
    // to `output`, or error to `errors` when given. Throws std::runtime_error
    // when the program cannot be started.
    Process(const std::vector<std::string>& command, std::filesystem::path output,
            std::filesystem::path errors = {});
    // SIGKILL, to it and to what it started.
    ~Process();
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;

    [[nodiscard]] int id() const noexcept { return id_; }
    [[nodiscard]] bool running() { return !wait(Milliseconds(0)).has_value(); }
    void signal(int number);
    // Exit code, or 128 + the signal that ended it; nullopt: still running.
    [[nodiscard]] std::optional<int> wait(Milliseconds patience = kPatience);
    // SIGKILL, to it and to what it started; it is gone when this returns.
    void kill();
    // What it has written so far.
    [[nodiscard]] std::string output() const;

private:
    std::filesystem::path output_;
    int id_ = -1;
    int handle_ = -1;  // of the process, becomes readable when it ends
    std::optional<int> exit_code_;
};

struct Finished {
    int exit_code = 0;
    std::string output;
    std::string errors;
};

// Runs a program to its end. Throws std::runtime_error, with what the program
// wrote, when it takes longer than `patience`.
[[nodiscard]] Finished run(const std::vector<std::string>& command, Milliseconds patience = kPatience);

// Asks again and again, first after milliseconds, then more seldom, until the
// answer is true; false: it never was.
[[nodiscard]] bool eventually(const std::function<bool()>& question, Milliseconds patience = kPatience);

}  // namespace muster::test
