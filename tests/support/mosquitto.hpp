// A private Mosquitto for one test: on loopback, on a port of its own, in a
// directory of its own that goes away with it, and killed with the test.
//
// Threads: used by one, which has to outlive it (the broker is killed when the
// thread that started it ends). A thread inside reads what the broker logs.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>

namespace muster::test {

class Mosquitto {
public:
    struct Options {
        // Keeps sessions and retained messages over a stop(); over a kill() only
        // what it had saved by then.
        bool persistence = false;
        bool anonymous = true;
        // Further lines of mosquitto.conf, after those of the listener.
        std::string configuration;
    };

    // Running when this returns; throws std::runtime_error with its log when
    // it does not come up.
    explicit Mosquitto(Options options);
    Mosquitto() : Mosquitto(Options{}) {}
    ~Mosquitto();
    Mosquitto(const Mosquitto&) = delete;
    Mosquitto& operator=(const Mosquitto&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string url() const { return "mqtt://127.0.0.1:" + std::to_string(port_); }
    // Of the process; 0: it does not run.
    [[nodiscard]] int id() const noexcept { return pid_; }
    // Of the configuration and the persistent state.
    [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }
    // What it has logged since it was started last.
    [[nodiscard]] std::string log() const;

    void stop();    // SIGTERM, and waits for the end
    void kill();    // SIGKILL, likewise
    void start();   // again, on the same port, after stop() or kill()
    void pause();   // SIGSTOP: connections stay open, nothing moves
    void resume();  // SIGCONT

private:
    enum class Launch { running, port_taken, failed };
    Launch launch();
    void write_configuration() const;
    void read_log(int descriptor);
    void end(int signal);

    Options options_;
    std::filesystem::path directory_;
    std::uint16_t port_ = 0;
    pid_t pid_ = 0;

    mutable std::mutex mutex_;
    std::condition_variable logged_;
    std::string log_;
    bool closed_ = false;  // the log has ended, and so has the broker
    std::thread reader_;
};

// A port of loopback that was free a moment ago.
[[nodiscard]] std::uint16_t free_port();

}  // namespace muster::test
