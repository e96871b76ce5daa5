// Plays a scenario against the real engine and the memory store, in virtual
// time: each command is one thing that happens; what it returns is what the
// engine asked for, in words. Nothing is published before its changes are
// committed, as in the daemon.
//
// Commands are documented in tests/scenario/README.md.
#pragma once

#include "daemon/api/api.hpp"
#include "daemon/core/engine.hpp"
#include "daemon/store/memory_store.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace muster::scenario {

class Driver {
public:
    Driver();
    // One line of a scenario; the transcript of what it led to. Ends the
    // process on a line that is no command: scenarios are part of the program.
    [[nodiscard]] std::string play(const std::string& line);

private:
    struct Sent {
        std::string id;
        OperationId operation;
    };
    using Words = std::vector<std::string>;

    void fleet(const Words& words);
    void call(const std::string& verb, const std::string& body);
    void ack(const Words& words, const std::string& text);
    void wait(const std::string& duration);
    void crash();
    void link_up(bool empty);
    void show(const Words& words);
    void job(const Words& words);
    void presence(const Words& words, bool online);
    void step(const core::Event& event);
    void finish();
    void tell_send(const core::SendOperation& send);
    void tell_reply(const Result<boost::json::object>& result);
    void say(const std::string& text) { out_ += text + "\n"; }
    [[nodiscard]] std::string clock() const;
    [[nodiscard]] api::View view() { return {*engine_, store_, state_}; }

    TimePoint now_;
    store::MemoryStore store_;
    std::unique_ptr<core::Engine> engine_;
    core::Effects effects_;
    std::optional<TimePoint> due_;
    api::GatewayState state_;
    std::optional<api::Prepared> prepared_;
    std::map<std::string, std::vector<Sent>> sent_;  // by device, oldest first
    std::string digest_;                             // of the last plan
    std::string out_;
};

}  // namespace muster::scenario
