#include "tests/crash/proxy.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <future>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

namespace muster::crash {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr std::size_t kPieceBytes = 16 * 1024;
enum class Direction { to_broker, to_client };

struct Climate {
    Weather weather = Weather::fair;
    std::mt19937_64 random;

    template <class Number>
    Number within(Number least, Number most) {
        return std::uniform_int_distribution<Number>(least, most)(random);
    }
    [[nodiscard]] bool lets_pass(Direction direction) const {
        switch (weather) {
            case Weather::fair:
            case Weather::slow:
            case Weather::split:
                return true;
            case Weather::only_to_broker:
                return direction == Direction::to_broker;
            case Weather::only_to_client:
                return direction == Direction::to_client;
            case Weather::stalled:
            case Weather::half_open:
                return false;
        }
        return false;
    }
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(tcp::socket client, asio::io_context& context, Climate& climate, std::uint64_t number,
               const Tap& tap)
        : number_(number),
          tap_(tap),
          client_(std::move(client)),
          broker_(context),
          climate_(climate),
          up_(Direction::to_broker, context),
          down_(Direction::to_client, context) {}

    void start(std::uint16_t broker_port) {
        if (climate_.weather == Weather::half_open) {
            half_open_ = true;
            return;
        }
        auto self = shared_from_this();
        broker_.async_connect({asio::ip::address_v4::loopback(), broker_port},
                              [this, self](const ErrorCode& error) {
                                  if (error) {
                                      close();
                                      return;
                                  }
                                  ErrorCode ignored;
                                  broker_.set_option(tcp::no_delay(true), ignored);
                                  client_.set_option(tcp::no_delay(true), ignored);
                                  read(up_);
                                  read(down_);
                              });
    }

    void weather_changed() {
        if (half_open_ && climate_.weather != Weather::half_open) {
            reset();
        }
        for (auto* pump : {&up_, &down_}) {
            if (pump->waiting && may_pass(*pump)) {
                pump->waiting = false;
                forward(*pump);
            }
        }
    }

    void reset() {
        ErrorCode ignored;
        const asio::socket_base::linger at_once(true, 0);
        client_.set_option(at_once, ignored);
        broker_.set_option(at_once, ignored);
        close();
    }
    void abandon() { abandoned_ = true; }
    [[nodiscard]] bool open() const { return client_.is_open(); }

private:
    struct Pump {
        Pump(Direction direction_, asio::io_context& context) : direction(direction_), timer(context) {}
        Direction direction;
        asio::steady_timer timer;
        std::array<char, kPieceBytes> bytes;
        std::size_t from = 0;
        std::size_t to = 0;
        bool waiting = false;
    };

    [[nodiscard]] bool may_pass(const Pump& pump) const {
        return !abandoned_ && !half_open_ && climate_.lets_pass(pump.direction);
    }
    tcp::socket& source(const Pump& pump) {
        return pump.direction == Direction::to_broker ? client_ : broker_;
    }
    tcp::socket& target(const Pump& pump) {
        return pump.direction == Direction::to_broker ? broker_ : client_;
    }

    void read(Pump& pump) {
        auto self = shared_from_this();
        source(pump).async_read_some(
            asio::buffer(pump.bytes), [this, self, &pump](const ErrorCode& error, std::size_t count) {
                if (error) {
                    close();
                    return;
                }
                if (tap_) {
                    tap_(number_, pump.direction == Direction::to_broker, {pump.bytes.data(), count});
                }
                pump.from = 0;
                pump.to = count;
                forward(pump);
            });
    }

    void forward(Pump& pump) {
        if (!may_pass(pump)) {
            pump.waiting = true;
            return;
        }
        if (climate_.weather != Weather::slow) {
            write(pump);
            return;
        }
        auto self = shared_from_this();
        pump.timer.expires_after(std::chrono::milliseconds(climate_.within(20, 200)));
        pump.timer.async_wait([this, self, &pump](const ErrorCode& error) {
            if (!error) {
                write(pump);
            }
        });
    }

    void write(Pump& pump) {
        auto count = pump.to - pump.from;
        if (climate_.weather == Weather::split) {
            count = std::min<std::size_t>(count, climate_.within<std::size_t>(1, 40));
        }
        auto self = shared_from_this();
        asio::async_write(target(pump), asio::buffer(pump.bytes.data() + pump.from, count),
                          [this, self, &pump](const ErrorCode& error, std::size_t written) {
                              if (error) {
                                  close();
                                  return;
                              }
                              pump.from += written;
                              if (pump.from < pump.to) {
                                  forward(pump);
                              } else {
                                  read(pump);
                              }
                          });
    }

    void close() {
        ErrorCode ignored;
        client_.close(ignored);
        broker_.close(ignored);
        up_.timer.cancel();
        down_.timer.cancel();
    }

    const std::uint64_t number_;
    const Tap& tap_;
    tcp::socket client_;
    tcp::socket broker_;
    Climate& climate_;
    Pump up_;
    Pump down_;
    bool half_open_ = false;
    bool abandoned_ = false;
};

}  // namespace

struct Proxy::Implementation {
    Implementation(std::uint16_t to, std::uint64_t seed, Tap shown)
        : broker_port(to), tap(std::move(shown)), acceptor(context, {asio::ip::address_v4::loopback(), 0}) {
        climate.random.seed(seed);
        port = acceptor.local_endpoint().port();
        accept();
        thread = std::thread([this] { context.run(); });
    }
    ~Implementation() {
        context.stop();
        thread.join();
    }

    void accept() {
        acceptor.async_accept([this](const ErrorCode& error, tcp::socket client) {
            if (!error) {
                std::erase_if(connections, [](const auto& one) { return !one->open(); });
                connections.push_back(
                    std::make_shared<Connection>(std::move(client), context, climate, ++accepted, tap));
                connections.back()->start(broker_port);
            }
            accept();
        });
    }

    // Runs `what` on the thread inside, and waits for it.
    template <class What>
    void carry_out(What what) {
        std::promise<void> done;
        asio::post(context, [&] {
            what();
            done.set_value();
        });
        done.get_future().wait();
    }

    const std::uint16_t broker_port;
    const Tap tap;
    std::uint64_t accepted = 0;
    std::uint16_t port = 0;
    asio::io_context context;
    Climate climate;
    std::vector<std::shared_ptr<Connection>> connections;
    tcp::acceptor acceptor;
    std::thread thread;
};

Proxy::Proxy(std::uint16_t broker_port, std::uint64_t seed, Tap tap)
    : implementation_(std::make_unique<Implementation>(broker_port, seed, std::move(tap))) {}

Proxy::~Proxy() = default;

std::uint16_t Proxy::port() const noexcept {
    return implementation_->port;
}

void Proxy::set(Weather weather) {
    implementation_->carry_out([&] {
        implementation_->climate.weather = weather;
        for (const auto& connection : implementation_->connections) {
            connection->weather_changed();
        }
    });
}

void Proxy::reset() {
    implementation_->carry_out(
        [&] { std::ranges::for_each(implementation_->connections, &Connection::reset); });
}

void Proxy::abandon() {
    implementation_->carry_out(
        [&] { std::ranges::for_each(implementation_->connections, &Connection::abandon); });
}

std::size_t Proxy::connections() {
    std::size_t open = 0;
    implementation_->carry_out([&] {
        open =
            static_cast<std::size_t>(std::ranges::count_if(implementation_->connections, &Connection::open));
    });
    return open;
}

}  // namespace muster::crash
