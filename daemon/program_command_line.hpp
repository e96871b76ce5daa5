// The command line of musterd.
//
// Threads: called from the main thread, before there is another.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace muster {

// What musterd is to do: its work, or one thing for its store.
enum class Task { serve, backup, restore };

struct Arguments {
    std::string config;                  // a file; empty: the defaults
    std::vector<std::string> overrides;  // KEY=VALUE
    bool check = false;
    bool print = false;
    Task task = Task::serve;
    std::string file;    // of a backup
    bool force = false;  // replace it
};

// Declares all that musterd takes: what --help prints, and whatever else describes the command line.
void declare_command_line(CLI::App& app, Arguments& arguments);

// Reads the arguments of main(). Answers an exit code when there is nothing more to do, the
// help or the mistake having been printed.
[[nodiscard]] std::optional<int> parse(int count, const char* const* values, Arguments& arguments);

}  // namespace muster
