// The HTTP server: connections, their limits, and what goes over them. The one
// place that knows Boost.Beast is connection.cpp beside it.
//
// Threads: everything runs on the one io_context, whose thread makes and
// destroys the server; wake() may be called from any.
#pragma once

#include "daemon/api/api.hpp"
#include "daemon/http/event_log.hpp"
#include "daemon/http/front.hpp"
#include "protocol/result.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace muster::http {

struct ServerOptions {
    std::string address = "127.0.0.1";  // numeric
    std::uint16_t port = 0;             // 0: any that is free
    std::string certificate_file;       // PEM; empty: no TLS
    std::string key_file;
    std::size_t connections = 256;  // at once, of which a quarter may follow events; silent ones give way
};

// How a call gets to the gateway: `answer` comes back on any thread, once or
// never. false: there is no room for it now.
using AskGateway = std::function<bool(api::Call, std::size_t bytes,
                                      std::function<void(Result<boost::json::object>)> answer)>;

class Server {
public:
    // Listening when it returns. Errors: invalid (certificate or key), unavailable
    // (the address cannot be had). `events` has to outlive the server.
    [[nodiscard]] static Result<std::unique_ptr<Server>> listen(boost::asio::io_context& io,
                                                                const ServerOptions& options);
    // Whether they can be served. Error: invalid.
    [[nodiscard]] static Result<void> check_certificate(const std::string& certificate_file,
                                                        const std::string& key_file);
    virtual ~Server() = default;

    // "http://127.0.0.1:8620"
    [[nodiscard]] virtual std::string url() const = 0;
    // Takes connections from here on.
    virtual void serve(Front front, AskGateway ask, const EventLog& events) = 0;
    // Shows this certificate to the connections that come from now on; those that are there keep theirs.
    // Error: invalid, and all stays as it was. Only of a server that speaks TLS.
    [[nodiscard]] virtual Result<void> change_certificate(const std::string& certificate_file,
                                                          const std::string& key_file) = 0;
    // There are new events.
    virtual void wake() = 0;
};

}  // namespace muster::http
