// Runs a fleet against a broker until it is told to stop: the composition of
// model, connections, schedule and statistics, and the process around them
// (signals, files, what a person sees).
//
// Threads: run() uses the calling thread alone.
#pragma once

#include "device-sim/connection.hpp"
#include "device-sim/options.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <string>

namespace muster::sim {

class Runner {
public:
    explicit Runner(SimOptions options);
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    // Returns when SIGTERM or SIGINT came, or the duration is over, and the
    // devices have said goodbye (10 s and 0.1 ms a device at most). Error:
    // unavailable, when the process may not open that many connections, a file
    // cannot be written, or the duration was over before all were connected.
    [[nodiscard]] Result<void> run();

private:
    void make_connections();
    void await_signal();
    void on_signal(int number);
    void every_second();
    void on_settled();
    void on_ended();
    void on_time_over();
    void stop();
    void report(const std::string& problem);
    void write_statistics_now();
    void create_ready_file(const std::string& line);
    [[nodiscard]] DeviceCounts count_devices() const;

    SimOptions options_;
    MosquittoLibrary library_;
    boost::asio::io_context context_{1};
    Topics topics_;
    Fleet fleet_;
    Schedule schedule_{context_};
    ConnectGate gate_;
    Statistics statistics_;
    Surroundings surroundings_;
    std::deque<Connection> connections_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer second_{context_};
    boost::asio::steady_timer end_{context_};
    std::string last_problem_;
    std::size_t settled_ = 0;
    std::size_t ended_ = 0;
    bool stopping_ = false;
    Result<void> result_;
};

}  // namespace muster::sim
