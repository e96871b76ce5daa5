// What musterd knows of its own process, machine and configuration, for those
// who ask how it is (SPEC 7.15).
//
// Threads: called from the engine thread, so nothing here waits for anything.
#pragma once

#include <boost/json/object.hpp>

namespace muster::api {

class Examiner {
public:
    virtual ~Examiner() = default;
    // The members of the result of `doctor` that are of the process. `check_store`
    // begins a check of the stored file beside the engine, unless one is under way
    // or has just ended; its outcome is in later answers.
    [[nodiscard]] virtual boost::json::object examine(bool check_store) = 0;
    // {"free_bytes", "total_bytes", "free_inodes", "total_inodes"} of the store's file
    // system, each null where that is not known or has no meaning.
    [[nodiscard]] virtual boost::json::object disk() const = 0;
};

}  // namespace muster::api
