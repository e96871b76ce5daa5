// The fuzz targets: each takes any bytes and throws PropertyBroken when what
// must hold for all bytes does not. libFuzzer calls one of them (main.cpp),
// fuzz_replay all of them with the inputs of corpus/.
//
// A target is a line in CMakeLists.txt, fuzz_<name>.cpp, and corpus/<name>/.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace muster::fuzz {

using Input = std::span<const std::byte>;

// MUSTER_FUZZ_TARGETS is X(ack) X(configuration) …
#define X(name) void fuzz_##name(Input input);
MUSTER_FUZZ_TARGETS
#undef X

[[nodiscard]] inline std::string_view text_of(Input input) {
    return {reinterpret_cast<const char*>(input.data()), input.size()};
}

// An input of several parts has them divided by lines of "%%".
[[nodiscard]] std::vector<std::string_view> parts_of(std::string_view text, std::size_t most);

}  // namespace muster::fuzz
