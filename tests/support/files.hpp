// Small files, whole: for tests. A failure throws std::runtime_error, which
// fails the test that asked.
//
// Threads: pure functions.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

[[nodiscard]] std::string read_file(const std::filesystem::path& path);
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace muster::test
