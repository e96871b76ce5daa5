// musterd from its command line to its end: puts the parts together. Nothing is
// decided here but what goes with what.
//
// Threads: run_program() is called from the main thread, once.
#pragma once

#include "daemon/mqtt/link.hpp"
#include "daemon/mqtt/link_options.hpp"
#include "daemon/store/store.hpp"
#include "protocol/result.hpp"

#include <memory>
#include <string>

namespace muster {

// The parts that reach outside the process, as musterd has them. A test gives
// its own, to stand between the daemon and the disk or the broker.
class Parts {
public:
    virtual ~Parts() = default;
    // Errors: as store::open().
    [[nodiscard]] virtual Result<std::unique_ptr<store::Store>> open_store(const std::string& path);
    [[nodiscard]] virtual std::unique_ptr<mqtt::Link> make_link(mqtt::LinkOptions options);
};

// The arguments of main(). Answers the exit code: 0, or 1 after an error that
// stands on standard error.
[[nodiscard]] int run_program(int count, const char* const* values, Parts& parts);

}  // namespace muster
