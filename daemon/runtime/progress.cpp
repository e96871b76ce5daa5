#include "daemon/runtime/progress.hpp"

#include "protocol/time.hpp"

namespace muster::runtime {
namespace {

bool is_late(SteadyTime due, SteadyTime now, Milliseconds patience) {
    return due < now && now - due > patience;
}

std::string for_so_long(SteadyTime since, SteadyTime now) {
    return " for " + format_duration(std::chrono::floor<Seconds>(now - since));
}

}  // namespace

std::optional<std::string> what_hangs(const Progress& progress, SteadyTime now, Milliseconds patience) {
    if (progress.store_since && is_late(*progress.store_since, now, patience)) {
        return "the store has been at work on one commit" + for_so_long(*progress.store_since, now);
    }
    if (is_late(progress.engine_due, now, patience)) {
        return "the engine has not been heard of" + for_so_long(progress.engine_due, now);
    }
    if (is_late(progress.link_due, now, patience)) {
        return "the link to the broker has not been heard of" + for_so_long(progress.link_due, now);
    }
    return std::nullopt;
}

}  // namespace muster::runtime
