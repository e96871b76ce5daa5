#include "daemon/http/server.hpp"

#include "daemon/http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

namespace muster::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// After an accept that failed for want of file descriptors, say: nothing is gained by trying at once.
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string cannot(std::string_view what, const std::string& name, const error_code& error) {
    return std::string(what) + " " + name + ": " + error.message();
}

using Tls = std::shared_ptr<asio::ssl::context>;  // null: none is spoken

Result<Tls> make_tls(const std::string& certificate_file, const std::string& key_file) {
    if (certificate_file.empty()) {
        return Tls();
    }
    auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                     asio::ssl::context::no_tlsv1_1);
    error_code error;
    tls->use_certificate_chain_file(certificate_file, error);
    if (error) {
        return make_error(ErrorCode::invalid, cannot("cannot use the certificate", certificate_file, error));
    }
    tls->use_private_key_file(key_file, asio::ssl::context::pem, error);
    if (error) {
        return make_error(ErrorCode::invalid, cannot("cannot use the key", key_file, error));
    }
    return tls;
}

Result<tcp::acceptor> make_acceptor(asio::io_context& io, const ServerOptions& options) {
    const auto name = options.address + " port " + std::to_string(options.port);
    try {
        const tcp::endpoint endpoint(asio::ip::make_address(options.address), options.port);
        return tcp::acceptor(io, endpoint);
    } catch (const boost::system::system_error& error) {
        return make_error(ErrorCode::unavailable,
                          cannot("cannot listen on", name, error.code()) + "; http.listen says where");
    }
}

class BeastServer final : public Server {
public:
    BeastServer(asio::io_context& io, const ServerOptions& options, tcp::acceptor acceptor, Tls tls)
        : io_(io), most_(options.connections), acceptor_(std::move(acceptor)), tls_(std::move(tls)) {}

    std::string url() const override {
        const auto endpoint = acceptor_.local_endpoint();
        auto host = endpoint.address().to_string();
        if (endpoint.address().is_v6()) {
            host = '[' + host + ']';
        }
        return (tls_ ? "https://" : "http://") + host + ':' + std::to_string(endpoint.port());
    }

    void serve(Front front, AskGateway ask, const EventLog& events) override {
        shared_ = std::make_shared<Shared>(
            Shared{std::move(front), std::move(ask), events, std::max<std::size_t>(1, most_ / 4)});
        asio::co_spawn(io_, accept(), asio::detached);
    }

    Result<void> change_certificate(const std::string& certificate_file,
                                    const std::string& key_file) override {
        MUSTER_INVARIANT(tls_ && !certificate_file.empty());
        auto tls = make_tls(certificate_file, key_file);
        if (!tls) {
            return tls.error();
        }
        tls_ = std::move(tls).value();
        return {};
    }

    void wake() override {
        // One wake-up for all that came until it runs.
        if (!waking_.exchange(true)) {
            asio::post(io_, [this] {
                waking_ = false;
                if (shared_) {
                    for (auto* timer : shared_->followers) {
                        timer->cancel();
                    }
                }
            });
        }
    }

private:
    asio::awaitable<void> accept() {
        constexpr auto kUseTuple = asio::as_tuple(asio::use_awaitable);
        for (;;) {
            auto [error, socket] = co_await acceptor_.async_accept(kUseTuple);
            if (error) {
                asio::steady_timer pause(io_, kAcceptPause);
                co_await pause.async_wait(kUseTuple);
                continue;
            }
            error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            if (open_ >= most_ && !end_a_silent_one()) {
                asio::co_spawn(io_, turn_away(std::move(socket)), asio::detached);
                continue;
            }
            ++open_;
            asio::co_spawn(io_, serve_connection(std::move(socket), shared_, tls_),
                           [this](const std::exception_ptr&) { --open_; });
        }
    }

    // So that those who say nothing keep nobody out who does. false: all are at work.
    bool end_a_silent_one() {
        const auto found =
            std::ranges::find_if(shared_->silent, [](const auto* socket) { return socket != nullptr; });
        if (found == shared_->silent.end()) {
            return false;
        }
        error_code ignored;
        (*found)->cancel(ignored);
        *found = nullptr;
        return true;
    }

    asio::io_context& io_;
    const std::size_t most_;
    tcp::acceptor acceptor_;
    Tls tls_;
    std::shared_ptr<Shared> shared_;
    std::size_t open_ = 0;
    std::atomic<bool> waking_{false};
};

}  // namespace

Result<void> Server::check_certificate(const std::string& certificate_file, const std::string& key_file) {
    const auto tls = make_tls(certificate_file, key_file);
    return tls ? Result<void>() : tls.error();
}

Result<std::unique_ptr<Server>> Server::listen(asio::io_context& io, const ServerOptions& options) {
    auto tls = make_tls(options.certificate_file, options.key_file);
    if (!tls) {
        return tls.error();
    }
    auto acceptor = make_acceptor(io, options);
    if (!acceptor) {
        return acceptor.error();
    }
    return std::unique_ptr<Server>(
        std::make_unique<BeastServer>(io, options, std::move(acceptor).value(), std::move(tls).value()));
}

}  // namespace muster::http
