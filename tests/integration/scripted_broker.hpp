// Stands between a client and a broker: hands everything on, but answers the
// CONNECT by itself where a script says so, and can cut every connection.
//
// Threads: safe to use from any; has one of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace muster::test {

enum class Script {
    relay,
    // CONNECTs of MQTT 5 are refused: as a broker of 3.1.1 does, as one of 5
    // that has it switched off does, or by closing the connection.
    refuse_5_as_311,
    refuse_5_as_5,
    close_on_5,
    // Nothing is handed on: CONNECT is accepted, every SUBSCRIBE refused.
    refuse_subscriptions,
    // The same, but a SUBSCRIBE is granted if it asks for nothing that is retained, and not answered
    // otherwise: as by a broker that has lost the grant behind all that.
    lose_grants_behind_retained,
    // The same in MQTT 3.1.1, which always sends what is retained; MQTT 5 is refused. Lost are
    // the grants at QoS 0.
    lose_grants_behind_retained_311,
    // Nothing is handed on: CONNECT is accepted, and a DISCONNECT with the
    // reason "server shutting down" follows.
    end_with_reason,
    // The same with the reason "session taken over".
    end_taken_over,
    // Nothing is handed on or answered.
    silence,
};

class ScriptedBroker {
public:
    // `upstream`: the broker's port on loopback.
    ScriptedBroker(Script script, std::uint16_t upstream);
    ~ScriptedBroker();
    ScriptedBroker(const ScriptedBroker&) = delete;
    ScriptedBroker& operator=(const ScriptedBroker&) = delete;

    [[nodiscard]] std::string url() const;
    // CONNECT packets seen with this protocol level (5 or 4).
    [[nodiscard]] std::size_t connects(int level) const;
    // Closes every connection, on both sides, without an MQTT packet.
    void cut();

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace muster::test
