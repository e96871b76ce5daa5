#include "protocol/result.hpp"

#include "protocol/limits.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace muster;

struct Ending {
    int signal = 0;
    std::string said;
};

// Runs `action` in a child process and tells how that ended.
template <class Action>
Ending run_to_its_end(Action action) {
    std::array<int, 2> pipe_ends{};
    REQUIRE(pipe(pipe_ends.data()) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);
        dup2(pipe_ends[1], STDERR_FILENO);
        action();
        _exit(0);
    }
    close(pipe_ends[1]);
    Ending ending;
    std::array<char, 512> buffer;
    for (ssize_t got = 0; (got = read(pipe_ends[0], buffer.data(), buffer.size())) > 0;) {
        ending.said.append(buffer.data(), static_cast<std::size_t>(got));
    }
    close(pipe_ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    ending.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return ending;
}

}  // namespace

TEST_CASE("SPEC 7.1: the texts of the error codes") {
    CHECK(to_string(ErrorCode::invalid) == "invalid");
    CHECK(to_string(ErrorCode::not_found) == "not_found");
    CHECK(to_string(ErrorCode::conflict) == "conflict");
    CHECK(to_string(ErrorCode::forbidden) == "forbidden");
    CHECK(to_string(ErrorCode::unavailable) == "unavailable");
    CHECK(to_string(ErrorCode::too_large) == "too_large");
    CHECK(to_string(ErrorCode::internal) == "internal");
}

TEST_CASE("an invalid field is named in the message and in the details") {
    const Error error = invalid("operations[0].value", "is 9; at most 5 is allowed");
    CHECK(error.code == ErrorCode::invalid);
    CHECK(error.message == "operations[0].value: is 9; at most 5 is allowed");
    CHECK(error.details == std::vector<ErrorDetail>{{"operations[0].value", "is 9; at most 5 is allowed"}});
    CHECK(invalid("", "is empty").message == "is empty");
}

TEST_CASE("make_error keeps what it is given") {
    const Error error = make_error(ErrorCode::conflict, "job 4 is Running", {{"job", "is Running"}});
    CHECK(error == Error{ErrorCode::conflict, "job 4 is Running", {{"job", "is Running"}}});
}

TEST_CASE("reading the value of a failed result ends the process with the error's message") {
    const Ending ending = run_to_its_end([] {
        const Result<int> failed = make_error(ErrorCode::internal, "the disk is on fire");
        static_cast<void>(failed.value());
    });
    CHECK(ending.signal == SIGABRT);
    CHECK(ending.said.find("the disk is on fire") != std::string::npos);
}

TEST_CASE("a broken invariant ends the process with its expression, and a kept one does not") {
    const Ending broken = run_to_its_end([] { MUSTER_INVARIANT(1 + 1 == 3); });
    CHECK(broken.signal == SIGABRT);
    CHECK(broken.said.find("1 + 1 == 3") != std::string::npos);
    CHECK(run_to_its_end([] { MUSTER_INVARIANT(1 + 1 == 2); }).signal == 0);
}

TEST_CASE("Promise 6: a refusal is short, whatever was refused") {
    const std::string long_text = std::string(limits::kErrorTextBytes - 4, 'x') + "æøå and much more";
    std::vector<ErrorDetail> details(5000, {long_text, long_text});
    const Error error = make_error(ErrorCode::invalid, long_text, details);
    CHECK(error.message == std::string(limits::kErrorTextBytes - 4, 'x') + "…");
    CHECK(error.message.size() <= limits::kErrorTextBytes);
    REQUIRE(error.details.size() == limits::kErrorDetails + 1);
    CHECK(error.details.front() == ErrorDetail{error.message, error.message});
    CHECK(error.details.back() == ErrorDetail{"", "and there are more"});
    CHECK(invalid(long_text, "is wrong").message.size() <= limits::kErrorTextBytes);
    CHECK(make_error(ErrorCode::invalid, std::string(limits::kErrorTextBytes, 'y')).message ==
          std::string(limits::kErrorTextBytes, 'y'));
}
