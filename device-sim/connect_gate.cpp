#include "device-sim/connect_gate.hpp"

#include <utility>

namespace muster::sim {

void ConnectGate::enter(std::function<void()> proceed) {
    waiting_.push_back(std::move(proceed));
    let_in();
}

void ConnectGate::leave() {
    --under_way_;
    let_in();
}

// Attempts that fail at once come back here through leave(): one loop serves
// them, not a recursion as deep as the fleet.
void ConnectGate::let_in() {
    if (letting_in_) {
        return;
    }
    letting_in_ = true;
    while (!waiting_.empty() && under_way_ < kMostUnderWay) {
        const std::function<void()> proceed = std::move(waiting_.front());
        waiting_.pop_front();
        ++under_way_;
        proceed();
    }
    letting_in_ = false;
}

}  // namespace muster::sim
