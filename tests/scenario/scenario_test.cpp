// Every tests/scenario/*.txt is a test: commands, "----", what they lead to.
// MUSTER_REWRITE=1 writes what happened into the files, to be read and judged
// before it is committed.
#include "tests/scenario/driver.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace muster::scenario {
namespace {

struct Block {
    std::string comment;  // lines before the commands that begin with #
    std::vector<std::string> commands;
    std::string expected;
};

std::vector<Block> read_blocks(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::vector<Block> blocks;
    Block block;
    auto in_expected = false;
    const auto close = [&] {
        if (!block.commands.empty() || !block.comment.empty()) {
            blocks.push_back(std::exchange(block, {}));
        }
        in_expected = false;
    };
    for (std::string line; std::getline(in, line);) {
        if (line.empty()) {
            close();
        } else if (in_expected) {
            block.expected += line + "\n";
        } else if (line == "----") {
            in_expected = true;
        } else if (line.front() == '#') {
            block.comment += line + "\n";
        } else {
            block.commands.push_back(line);
        }
    }
    close();
    return blocks;
}

std::string written(const std::vector<Block>& blocks) {
    std::string text;
    for (const auto& block : blocks) {
        text += text.empty() ? "" : "\n";
        text += block.comment;
        for (const auto& command : block.commands) {
            text += command + "\n";
        }
        text += block.commands.empty() ? std::string{} : "----\n" + block.expected;
    }
    return text;
}

void play(const std::filesystem::path& path) {
    const auto rewrite = std::getenv("MUSTER_REWRITE") != nullptr;
    auto blocks = read_blocks(path);
    Driver driver;
    for (auto& block : blocks) {
        std::string happened;
        for (const auto& command : block.commands) {
            happened += driver.play(command);
        }
        if (!rewrite) {
            INFO("after: ", block.commands.empty() ? std::string{} : block.commands.back());
            CHECK(happened == block.expected);
        }
        block.expected = happened;
    }
    if (rewrite) {
        std::ofstream(path) << written(blocks);
    }
}

TEST_CASE("scenarios") {
    std::size_t played = 0;
    for (const auto& file : std::filesystem::directory_iterator(MUSTER_SCENARIOS)) {
        if (file.path().extension() == ".txt" && file.path().filename() != "CMakeLists.txt") {
            INFO(file.path().filename().string());
            play(file.path());
            ++played;
        }
    }
    CHECK(played >= 20);
}

}  // namespace
}  // namespace muster::scenario
