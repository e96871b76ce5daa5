// Lets a few connections at a time through the door: a broker's listen backlog
// is short (Mosquitto's is 100), and a refused handshake costs a retry.
//
// Threads: the thread that runs the io_context.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>

namespace muster::sim {

class ConnectGate {
public:
    static constexpr std::size_t kMostUnderWay = 50;

    // `proceed` is called at once or when it is its turn; whoever was let
    // through calls leave() once, whatever became of the attempt.
    void enter(std::function<void()> proceed);
    void leave();
    // Nobody who waits will be let in any more.
    void close() noexcept { waiting_.clear(); }

private:
    void let_in();

    std::deque<std::function<void()>> waiting_;
    std::size_t under_way_ = 0;
    bool letting_in_ = false;
};

}  // namespace muster::sim
