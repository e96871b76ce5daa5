// A page of the operator's guide, followed at a desk: the commands of its "console"
// blocks are run as they stand, and print what the page says they print.
//
// "$ " begins a command; what follows it, up to the next one, is its output. A line
// "…" stands for any lines, "…" within a line for any characters. A command without
// output has to succeed; one with output has to print it, again and again asked if
// it only looks at something, for the time that a test has. A command that ends in
// " &" goes on until the desk is gone.
//
// A block "console WORD" needs something that not every machine has. follow() runs it
// if the desk has that, and says else that it did not.
//
// systemctl and journalctl are the test's own: Services says what they do. Paths and
// addresses of the page become the test's, and in what is printed the page's again.
//
// Threads: one thread.
#pragma once

#include "tests/support/markdown.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

struct Step {
    std::string command;
    std::vector<std::string> output;  // as the page has it
    std::size_t line = 0;
};
[[nodiscard]] std::vector<Step> steps_of(const FencedBlock& block);
[[nodiscard]] bool prints(const std::vector<std::string>& wanted, const std::vector<std::string>& printed);

// {"systemctl", "stop", "mosquitto"}: what it prints; an exception: it fails with that text.
using Services = std::function<std::string(const std::vector<std::string>& words)>;

class Desk {
public:
    struct Options {
        std::vector<std::pair<std::string, std::string>> environment{};
        // What the page says and what is meant here; tried in this order.
        std::vector<std::pair<std::string, std::string>> meant{};
        std::set<std::string> has{};  // words of blocks that can be run here
        Services services{};
    };

    Desk(std::string page, Options options);

    // Every block under this heading, in order, or those of them whose commands hold `part`.
    // What the page says and does not happen fails the test.
    void follow(const std::string& heading, const std::string& part = {});

private:
    void take(const Step& step);
    [[nodiscard]] Finished run_once(const std::string& command);
    void serve();
    [[nodiscard]] std::string here(std::string text) const;
    [[nodiscard]] std::string as_on_page(std::string text) const;

    TempDir files_;
    std::string page_name_;
    Markdown page_;
    Options options_;
    std::vector<Process> kept_;
};

}  // namespace muster::test
