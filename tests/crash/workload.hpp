// What clients do while everything breaks: jobs are made, run, stopped and
// deleted, the registry is written and read, at random. All of it, and all that
// musterd publishes, goes into a History.
//
// Threads: one thread asks; a thread inside listens.
#pragma once

#include "tests/crash/client.hpp"
#include "tests/crash/history.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace muster::crash {

class Workload {
public:
    using Milliseconds = std::chrono::milliseconds;

    // `forgetful`: what the ids of devices begin with that remember nothing.
    Workload(std::uint16_t broker_port, std::uint64_t seed, std::string forgetful);

    // ---- while everything breaks; none of them waits
    // Asks for one thing, of all the things that a client may ask for.
    void ask_something();
    // Asks for everything that was told before: jobs, the main job's executions, the registry.
    void look_again();

    // ---- while nothing breaks
    // Asks again and again until it is answered; throws std::runtime_error when it never is,
    // or is refused. For what may be done twice.
    boost::json::value request(std::string_view verb, const boost::json::object& body = {});
    // Whether a request of now is answered within `patience`.
    [[nodiscard]] bool answers(Milliseconds patience);
    // The template, the sets, a main job of all devices of the set "main" with this window.
    void set_up(const std::vector<std::string>& registered_devices);
    void run_main_job(std::uint32_t window);
    // Runs whatever is saved or stopped until every job has ended; false: one did not in time.
    [[nodiscard]] bool finish(Milliseconds patience);

    // Calls `what` while nothing is added to the history.
    void with_history(const std::function<void(History&)>& what);

private:
    struct Choice {
        int weight;
        void (Workload::*ask)();
    };

    std::uint64_t ask(std::string_view verb, boost::json::object body);
    std::optional<boost::json::value> reply_to(std::string_view verb, const boost::json::object& body,
                                               Milliseconds patience);
    void hear(const Client::Message& message);
    void hear_reply(std::string_view id, std::string_view payload);

    void ask_new_side_job();
    void ask_saved_job();
    void ask_command_job();
    void ask_record_job();
    void ask_stop();
    void ask_run();
    void ask_delete();
    void ask_put();
    void ask_read();
    void ask_job();
    void ask_executions();
    void ask_list();
    void save(const std::string& kind, boost::json::object specification, bool run);
    // A random job whose name begins with `kind` and whose status is one of these.
    std::optional<std::uint64_t> any_job(std::string_view kind,
                                         std::initializer_list<std::string_view> statuses);
    std::size_t count_jobs(std::string_view kind, std::initializer_list<std::string_view> statuses);
    std::vector<std::uint64_t> jobs_of(std::string_view kind,
                                       std::initializer_list<std::string_view> statuses);
    int within(int least, int most);
    std::string unique();

    const std::string forgetful_;
    std::mt19937_64 random_;
    std::uint64_t last_request_ = 0;
    std::uint64_t last_unique_ = 0;

    std::mutex mutex_;
    std::condition_variable heard_;
    History history_;
    std::map<std::uint64_t, boost::json::value> replies_;  // the latest
    Client client_;
};

}  // namespace muster::crash
