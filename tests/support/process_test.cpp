#include "tests/support/process.hpp"

#include "tests/support/files.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

namespace muster::test {
namespace {

TEST_CASE("a program's exit code, output and errors") {
    const auto finished = run({"sh", "-c", "echo out; echo err >&2; exit 3"});
    CHECK(finished.exit_code == 3);
    CHECK(finished.output == "out\n");
    CHECK(finished.errors == "err\n");
}

TEST_CASE("arguments arrive as they are") {
    CHECK(run({"printf", "%s|", "a b", "", "$HOME"}).output == "a b||$HOME|");
}

TEST_CASE("a program that does not exist") {
    CHECK(run({"muster-no-such-program"}).exit_code == 127);
}

TEST_CASE("waiting ends with the patience") {
    const TempDir directory;
    Process process({"sleep", "600"}, directory / "output");
    CHECK(!process.wait(Milliseconds(20)));
    CHECK(process.running());
    process.signal(SIGTERM);
    CHECK(process.wait() == 128 + SIGTERM);
    CHECK(!process.running());
    CHECK_THROWS(static_cast<void>(run({"sleep", "600"}, Milliseconds(20))));
}

TEST_CASE("a program does not outlive its Process") {
    const TempDir directory;
    int id = 0;
    {
        const Process process({"sleep", "600"}, directory / "output");
        id = process.id();
        CHECK(::kill(id, 0) == 0);
    }
    CHECK(::kill(id, 0) != 0);
}

TEST_CASE("what a program started goes with it") {
    const TempDir directory;
    int id = 0;
    {
        const Process process({"sh", "-c", "sleep 600 & echo $!; wait"}, directory / "output");
        REQUIRE(eventually([&] { return process.output().ends_with('\n'); }));
        id = std::stoi(process.output());
        CHECK(::kill(id, 0) == 0);
    }
    // Whoever adopted it may take a moment to notice its end.
    CHECK(eventually([&] { return ::kill(id, 0) != 0; }, Milliseconds(5000)));
}

TEST_CASE("output can be read while the program runs") {
    const TempDir directory;
    const Process process({"sh", "-c", "echo ready; exec sleep 600"}, directory / "output");
    CHECK(eventually([&] { return process.output() == "ready\n"; }));
    CHECK(!eventually([] { return false; }, Milliseconds(20)));
}

TEST_CASE("a temporary directory goes with what is in it") {
    std::filesystem::path path;
    {
        const TempDir directory;
        path = directory.path();
        write_file(directory / "file", "text");
        CHECK(read_file(directory / "file") == "text");
        CHECK_THROWS(static_cast<void>(read_file(directory / "no such file")));
    }
    CHECK(!std::filesystem::exists(path));
}

}  // namespace
}  // namespace muster::test
