#include "tests/systemd/machine.hpp"

#include "tests/support/files.hpp"

#include <fstream>
#include <stdexcept>

namespace muster::test {
namespace {

constexpr const char* kScript = MUSTER_SOURCE_DIRECTORY "/tests/systemd/machine.sh";
constexpr int kRefused = 77;

// The one child of a process; 0: it has none.
int child_of(int process) {
    const auto id = std::to_string(process);
    std::ifstream children("/proc/" + id + "/task/" + id + "/children");
    int child = 0;
    return children >> child ? child : 0;
}

std::string without_newline(std::string text) {
    while (text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

}  // namespace

Machine::Machine(const std::filesystem::path& files) : name_(directory_.path().filename().string()) {
    std::filesystem::create_directory(directory_ / "machine");
    outside_ = std::make_unique<Process>(
        std::vector<std::string>{kScript, "boot", name_, (directory_ / "machine").string(), files.string()},
        directory_ / "log");
    const auto is_up = [&] {
        first_process_ = child_of(outside_->id());
        return first_process_ != 0 && outside_->output().find("booting") != std::string::npos &&
               show("basic.target", "ActiveState") == "active";
    };
    if (eventually([&] { return is_up() || !outside_->running(); }, kPatience * 2) && outside_->running()) {
        return;
    }
    if (outside_->wait(Milliseconds(0)) == kRefused) {
        refused_ = without_newline(outside_->output());
        return;
    }
    throw std::runtime_error("systemd did not boot:\n" + outside_->output());
}

Machine::~Machine() {
    if (refused_.empty()) {
        outside_->kill();
        static_cast<void>(test::run({kScript, "clean", name_}));
    }
}

std::vector<std::string> Machine::inside(const std::vector<std::string>& command) const {
    std::vector<std::string> words{"nsenter", "--target", std::to_string(first_process_),
                                   "--mount", "--pid",    "--net",
                                   "--ipc",   "--uts",    "--cgroup"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

Finished Machine::run(const std::vector<std::string>& command) const {
    return test::run(inside(command));
}

std::string Machine::show(const std::string& unit, const std::string& property) const {
    return without_newline(run({"systemctl", "show", "--value", "--property", property, unit}).output);
}

bool Machine::await(const std::string& unit, const std::string& property, const std::string& value) const {
    return eventually([&] { return show(unit, property) == value; });
}

}  // namespace muster::test
