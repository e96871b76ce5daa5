// The entry of libFuzzer, for one target.
#include "tests/fuzz/targets.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    MUSTER_FUZZ_TARGET(std::as_bytes(std::span(data, size)));
    return 0;
}
