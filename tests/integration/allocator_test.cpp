// That musterd has the allocator that it is linked with, set up as it says.
#include "tests/integration/fleet.hpp"

#include <doctest/doctest.h>

namespace muster::test {

TEST_CASE("musterd's memory is jemalloc's, in two arenas, and what is freed goes back") {
    const auto finished =
        run({"/usr/bin/env", "MALLOC_CONF=stats_print:true", program("musterd"), "--version"});
    CHECK(finished.exit_code == 0);
    const auto said = finished.output + finished.errors;
    CHECK_MESSAGE(said.find("opt.narenas: 2\n") != std::string::npos, said);
    CHECK_MESSAGE(said.find("opt.dirty_decay_ms: 100 ") != std::string::npos, said);
}

}  // namespace muster::test
