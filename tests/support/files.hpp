// Small files, whole: for tests. A failure throws std::runtime_error, which
// fails the test that asked.
//
// Threads: pure functions.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace muster::test {

[[nodiscard]] std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace muster::test
