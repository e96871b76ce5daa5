#include "tests/integration/scripted_broker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <optional>
#include <set>
#include <string_view>
#include <thread>

namespace muster::test {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Where the protocol level stands in a CONNECT with a one-byte length.
constexpr std::size_t kLevelOffset = 8;
constexpr std::string_view kConnackRefused311("\x20\x02\x00\x01", 4);
constexpr std::string_view kConnackRefused5("\x20\x03\x00\x84\x00", 5);
constexpr std::string_view kConnackAccepted5("\x20\x03\x00\x00\x00", 5);
constexpr std::string_view kConnackAccepted311("\x20\x02\x00\x00", 4);
constexpr std::string_view kShuttingDown("\xE0\x02\x8B\x00", 4);
constexpr std::string_view kTakenOver("\xE0\x02\x8E\x00", 4);
constexpr char kSubscribe = '\x82';

}  // namespace

struct ScriptedBroker::Implementation {
    Implementation(Script how, std::uint16_t port)
        : script(how),
          upstream(asio::ip::address_v4::loopback(), port),
          acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

    struct Session : std::enable_shared_from_this<Session> {
        explicit Session(Implementation& all, tcp::socket socket)
            : whole(all), client(std::move(socket)), broker(all.context) {}

        void read_connect();
        void meet(std::string_view packet);
        void relay(std::string_view packet);
        void pump(tcp::socket& from, tcp::socket& to, std::array<char, 65536>& buffer);
        void answer_subscriptions();
        // The reason code for a SUBSCRIBE of one filter; absent: none is given.
        [[nodiscard]] std::optional<char> verdict(std::string_view subscribe) const;
        void grant(char reason);
        void answer(std::string_view packet);
        void close();

        Implementation& whole;
        tcp::socket client;
        tcp::socket broker;
        std::array<char, 65536> upward{};
        std::array<char, 65536> downward{};
    };

    void accept() {
        acceptor.async_accept([this](boost::system::error_code error, tcp::socket socket) {
            if (error) {
                return;
            }
            auto session = std::make_shared<Session>(*this, std::move(socket));
            sessions.insert(session);
            session->read_connect();
            accept();
        });
    }

    const Script script;
    const tcp::endpoint upstream;
    asio::io_context context;
    tcp::acceptor acceptor;
    std::set<std::shared_ptr<Session>> sessions;
    std::atomic<std::size_t> connects_5{0};
    std::atomic<std::size_t> connects_4{0};
    std::thread thread;
};

void ScriptedBroker::Implementation::Session::read_connect() {
    client.async_read_some(asio::buffer(upward), [self = shared_from_this()](auto error, std::size_t size) {
        if (error || size <= kLevelOffset) {
            self->close();
            return;
        }
        self->meet({self->upward.data(), size});
    });
}

void ScriptedBroker::Implementation::Session::meet(std::string_view packet) {
    const bool newest = packet[kLevelOffset] == 5;
    ++(newest ? whole.connects_5 : whole.connects_4);
    switch (whole.script) {
        case Script::relay:
            return relay(packet);
        case Script::refuse_5_as_311:
            return newest ? answer(kConnackRefused311) : relay(packet);
        case Script::refuse_5_as_5:
            return newest ? answer(kConnackRefused5) : relay(packet);
        case Script::close_on_5:
            return newest ? close() : relay(packet);
        case Script::refuse_subscriptions:
        case Script::lose_grants_behind_retained:
            answer(kConnackAccepted5);
            return answer_subscriptions();
        case Script::lose_grants_behind_retained_311:
            answer(newest ? kConnackRefused5 : kConnackAccepted311);
            return answer_subscriptions();
        case Script::end_with_reason:
            answer(kConnackAccepted5);
            return answer(kShuttingDown);
        case Script::end_taken_over:
            answer(kConnackAccepted5);
            return answer(kTakenOver);
        case Script::silence:
            return;
    }
}

void ScriptedBroker::Implementation::Session::relay(std::string_view packet) {
    boost::system::error_code error;
    static_cast<void>(broker.connect(whole.upstream, error));
    if (!error) {
        asio::write(broker, asio::buffer(packet), error);
    }
    if (error) {
        close();
        return;
    }
    pump(client, broker, upward);
    pump(broker, client, downward);
}

void ScriptedBroker::Implementation::Session::pump(tcp::socket& from, tcp::socket& to,
                                                   std::array<char, 65536>& buffer) {
    from.async_read_some(asio::buffer(buffer),
                         [self = shared_from_this(), &from, &to, &buffer](auto error, auto size) {
                             if (error) {
                                 self->close();
                                 return;
                             }
                             asio::async_write(to, asio::buffer(buffer.data(), size),
                                               [self, &from, &to, &buffer](auto failed, auto) {
                                                   if (failed) {
                                                       self->close();
                                                       return;
                                                   }
                                                   self->pump(from, to, buffer);
                                               });
                         });
}

std::optional<char> ScriptedBroker::Implementation::Session::verdict(std::string_view subscribe) const {
    constexpr char kNotAuthorized = '\x87';
    constexpr int kRetainHandling = 0x30;
    constexpr int kNothingRetained = 0x20;
    if (whole.script == Script::refuse_subscriptions) {
        return kNotAuthorized;
    }
    if (whole.script == Script::lose_grants_behind_retained_311) {
        const char qos = subscribe.back();
        return qos > 0 ? std::optional(qos) : std::nullopt;
    }
    return (subscribe.back() & kRetainHandling) == kNothingRetained ? std::optional('\x00') : std::nullopt;
}

void ScriptedBroker::Implementation::Session::answer_subscriptions() {
    client.async_read_some(asio::buffer(upward), [self = shared_from_this()](auto error, std::size_t size) {
        if (error) {
            self->close();
            return;
        }
        if (size > 3 && self->upward[0] == kSubscribe) {
            if (const auto reason = self->verdict({self->upward.data(), size})) {
                self->grant(*reason);
            }
        }
        self->answer_subscriptions();
    });
}

void ScriptedBroker::Implementation::Session::grant(char reason) {
    if (whole.script == Script::lose_grants_behind_retained_311) {
        const std::array suback{'\x90', '\x03', upward[2], upward[3], reason};
        return answer({suback.data(), suback.size()});
    }
    const std::array suback{'\x90', '\x04', upward[2], upward[3], '\x00', reason};
    answer({suback.data(), suback.size()});
}

void ScriptedBroker::Implementation::Session::answer(std::string_view packet) {
    boost::system::error_code ignored;
    asio::write(client, asio::buffer(packet), ignored);
}

void ScriptedBroker::Implementation::Session::close() {
    boost::system::error_code ignored;
    static_cast<void>(client.close(ignored));
    static_cast<void>(broker.close(ignored));
    whole.sessions.erase(shared_from_this());
}

ScriptedBroker::ScriptedBroker(Script script, std::uint16_t upstream)
    : implementation_(std::make_unique<Implementation>(script, upstream)) {
    implementation_->accept();
    implementation_->thread = std::thread([this] { implementation_->context.run(); });
}

ScriptedBroker::~ScriptedBroker() {
    implementation_->context.stop();
    implementation_->thread.join();
    implementation_->sessions.clear();
}

std::string ScriptedBroker::url() const {
    return "mqtt://127.0.0.1:" + std::to_string(implementation_->acceptor.local_endpoint().port());
}

std::size_t ScriptedBroker::connects(int level) const {
    return level == 5 ? implementation_->connects_5 : implementation_->connects_4;
}

void ScriptedBroker::cut() {
    asio::post(implementation_->context, [this] {
        for (const auto sessions = implementation_->sessions; const auto& session : sessions) {
            session->close();
        }
    });
}

}  // namespace muster::test
