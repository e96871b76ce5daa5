// The client's view of musterd: requests that are answered (SPEC section 6),
// and the news of one job while it is being watched.
//
// Threads: used from the main thread only; implementations may have their own.
#pragma once

#include "daemon/cli/outcome.hpp"
#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <optional>
#include <string>

namespace muster::cli {

// What arrived since the last call; later news of a kind replaces earlier.
struct JobNews {
    std::optional<boost::json::object> job;  // as SPEC 6.6: without outcomes
    bool deleted = false;
    std::optional<bool> gateway_online;

    [[nodiscard]] bool empty() const noexcept { return !job && !deleted && !gateway_online; }
};

class JobFeed {
public:
    virtual ~JobFeed() = default;
    // Returns as soon as there is news, or after `wait` with none.
    [[nodiscard]] virtual JobNews next(Milliseconds wait) = 0;
};

class Client {
public:
    virtual ~Client() = default;
    // `result` of the reply. Connects with the first call. Failure: refused
    // (the reply's error), or usage_or_connection with what to do about it.
    [[nodiscard]] virtual Outcome<boost::json::value> request(const std::string& verb,
                                                              const boost::json::object& body,
                                                              Milliseconds timeout) = 0;
    // What is retained about the job comes first.
    [[nodiscard]] virtual Outcome<std::unique_ptr<JobFeed>> follow(JobId job) = 0;
};

}  // namespace muster::cli
