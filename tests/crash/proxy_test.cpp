// The proxy itself, between a client and a server that writes back what it reads.
#include "tests/crash/proxy.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <poll.h>
#include <string>
#include <thread>

namespace muster::crash {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int kPatienceMilliseconds = 20'000;
// Nothing is expected to come; a slow machine can only hide a fault.
constexpr int kSilenceMilliseconds = 300;

// One connection after the other.
class Echo {
public:
    Echo() : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {
        thread_ = std::thread([this] { serve(); });
    }
    ~Echo() {
        ending_ = true;
        asio::io_context context;
        tcp::socket last(context);
        last.connect(acceptor_.local_endpoint());
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    void serve() {
        while (!ending_) {
            auto socket = acceptor_.accept();
            std::array<char, 1000> bytes;
            for (boost::system::error_code error; !error && !ending_;) {
                const auto count = socket.read_some(asio::buffer(bytes), error);
                if (!error) {
                    asio::write(socket, asio::buffer(bytes.data(), count), error);
                }
            }
        }
    }

    asio::io_context context_;
    tcp::acceptor acceptor_;
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

struct Caller {
    asio::io_context context;
    tcp::socket socket{context};

    explicit Caller(const Proxy& proxy) { socket.connect({asio::ip::address_v4::loopback(), proxy.port()}); }
    void say(const std::string& what) { asio::write(socket, asio::buffer(what)); }
    bool readable(int milliseconds) {
        pollfd waiting{.fd = socket.native_handle(), .events = POLLIN, .revents = 0};
        return ::poll(&waiting, 1, milliseconds) == 1;
    }
    // What comes, until there are so many bytes; short when the connection ends before.
    std::string hear(std::size_t count) {
        std::string heard;
        boost::system::error_code error;
        while (heard.size() < count && !error && readable(kPatienceMilliseconds)) {
            std::array<char, 1000> bytes;
            heard.append(bytes.data(), socket.read_some(asio::buffer(bytes), error));
        }
        return heard;
    }
    boost::system::error_code end() {
        boost::system::error_code error;
        std::array<char, 1> byte;
        if (readable(kPatienceMilliseconds)) {
            socket.read_some(asio::buffer(byte), error);
        }
        return error;
    }
};

std::string long_text() {
    std::string text;
    for (int i = 0; text.size() < 4'000; ++i) {
        text += std::to_string(i) + ' ';
    }
    return text;
}

}  // namespace

TEST_CASE("everything arrives, whole and in order, in fair weather, slowly and in pieces") {
    Echo echo;
    Proxy proxy(echo.port(), 1);
    Caller caller(proxy);
    const auto text = long_text();
    for (const auto weather : {Weather::fair, Weather::split, Weather::slow, Weather::fair}) {
        proxy.set(weather);
        caller.say(text);
        CHECK(caller.hear(text.size()) == text);
    }
}

TEST_CASE("what is held up goes on when the weather changes") {
    Echo echo;
    Proxy proxy(echo.port(), 1);
    Caller caller(proxy);
    for (const auto weather : {Weather::stalled, Weather::only_to_broker, Weather::only_to_client}) {
        caller.say("before");
        CHECK(caller.hear(6) == "before");
        proxy.set(weather);
        caller.say("held");
        CHECK_FALSE(caller.readable(kSilenceMilliseconds));
        proxy.set(Weather::fair);
        CHECK(caller.hear(4) == "held");
    }
}

TEST_CASE("a half-open connection is accepted, carries nothing, and is reset") {
    Echo echo;
    Proxy proxy(echo.port(), 1);
    proxy.set(Weather::half_open);
    Caller caller(proxy);
    caller.say("lost");
    CHECK_FALSE(caller.readable(kSilenceMilliseconds));
    proxy.set(Weather::fair);
    CHECK(caller.end() == asio::error::connection_reset);
    Caller next(proxy);
    next.say("found");
    CHECK(next.hear(5) == "found");
}

TEST_CASE("a reset ends every connection, and new ones are carried") {
    Echo echo;
    Proxy proxy(echo.port(), 1);
    {
        Caller caller(proxy);
        caller.say("before");
        CHECK(caller.hear(6) == "before");
        proxy.reset();
        CHECK(caller.end() == asio::error::connection_reset);
    }
    Caller next(proxy);
    next.say("after");
    CHECK(next.hear(5) == "after");
}

TEST_CASE("an abandoned connection stays open and silent") {
    Echo echo;
    Proxy proxy(echo.port(), 1);
    Caller caller(proxy);
    caller.say("before");
    CHECK(caller.hear(6) == "before");
    proxy.abandon();
    caller.say("lost");
    CHECK_FALSE(caller.readable(kSilenceMilliseconds));
    CHECK(proxy.connections() == 1);
}

TEST_CASE("a connection to a broker that is not there ends") {
    std::uint16_t nobody = 0;
    {
        Echo echo;
        nobody = echo.port();
    }
    Proxy proxy(nobody, 1);
    Caller caller(proxy);
    CHECK(caller.end().failed());
}

}  // namespace muster::crash
