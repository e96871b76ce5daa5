// The storage of the simulated gateway: a memory store that survives the
// gateway, can be full, can fail, and at which the gateway can be killed.
//
// Threads: one.
#pragma once

#include "daemon/store/memory_store.hpp"
#include "tests/simulation/ledger.hpp"

#include <memory>
#include <optional>
#include <span>

namespace muster::simulation {

// Thrown where kill -9 hits; nothing of the gateway may be used after it.
struct Killed {};

class Disk {
public:
    enum class Trouble {
        kill_before,  // before the commit is durable: all of it is lost
        kill_after,   // when it is durable, before the gateway hears of it
        fail_lost,    // the write fails, and nothing of it is there
        fail_stored,  // the write fails, and all of it is there
    };

    Disk(store::MemoryStore& memory, Ledger& ledger, Figures& figures)
        : memory_(memory), ledger_(ledger), figures_(figures) {}

    // Happens at the next commit.
    void expect(Trouble trouble) { trouble_ = trouble; }
    void forget_trouble() { trouble_.reset(); }
    void fill(bool full) { full_ = full; }
    // What a gateway has of it until a write fails, or it is killed.
    [[nodiscard]] std::unique_ptr<store::Store> open();

private:
    class Opened;

    void keep(std::span<const core::Change> changes);

    store::MemoryStore& memory_;
    Ledger& ledger_;
    Figures& figures_;
    std::optional<Trouble> trouble_;
    bool full_ = false;
};

}  // namespace muster::simulation
