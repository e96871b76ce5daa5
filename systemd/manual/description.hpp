// What a program takes on its command line, whatever library or table says so. Manual pages and
// completions are written from this alone.
//
// Threads: plain values.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace muster::manual {

// Where the words come from that can stand in a place.
enum class Source { nothing, words, keys, file, jobs, sets, devices, templates };

struct Completion {
    Source source = Source::nothing;
    std::vector<std::string> words = {};  // of Source::words; of Source::keys, which "=" follows
};

struct Option {
    std::vector<std::string> flags;  // "-f", "--file"
    std::string value;               // "FILE"; empty: a flag
    std::string help;
    bool many = false;      // the value may be several words
    bool repeated = false;  // the option may stand there again
    bool required = false;
    std::string group = {};  // a heading of its own; empty: none
    Completion completion = {};

    friend bool operator==(const Option& one, const Option& other) {
        return one.flags == other.flags && one.value == other.value && one.help == other.help;
    }
};

enum class Count { one, optional, many };  // many: one or more

struct Argument {
    std::string name;
    std::string help;
    Count count = Count::one;
    Completion completion = {};
};

struct Exit {
    int code;
    std::string meaning;
    bool own = false;  // not what it means for the program's other commands
};

struct Command {
    std::vector<std::string> path;  // "job", "run"
    std::string summary;
    std::vector<Argument> arguments = {};
    std::vector<Option> options = {};
    std::vector<Exit> exits = {};
    std::vector<std::string> examples = {};
};

struct Program {
    std::string name;
    std::string summary;          // one line, without the name
    std::vector<Option> options;  // of every command, if there are commands
    std::vector<Command> commands = {};
    std::vector<Exit> exits = {};
};

// "job run"
[[nodiscard]] std::string joined(const std::vector<std::string>& words, const char* separator = " ");

// What can stand for a value of this name ("FILE", "JOB", "wait|fail") whose help is this: a help that is
// nothing but a list, "viewer, operator or admin", lists the words.
[[nodiscard]] Completion completion_of(const std::string& value, const std::string& help);

}  // namespace muster::manual
