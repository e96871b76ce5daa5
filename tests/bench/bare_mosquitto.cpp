#include "tests/bench/bare_loop.hpp"
#include "tests/bench/mosquitto_client.hpp"

#include <chrono>

namespace muster::bench {

BareResult run_with_libmosquitto(const BareOptions& options) {
    BareWork work(options);
    MosquittoClient* loop = nullptr;
    const auto send = [&] {
        const auto message = work.next();
        loop->publish(message.topic, message.payload, options.qos);
    };
    MosquittoClient client(options.port, "", {BareWork::ack_filter()}, options.qos,
                           [&](std::string_view /*topic*/, std::string_view ack) {
                               if (work.take(ack) && !work.all_sent()) {
                                   send();
                               }
                           });
    loop = &client;
    const double cpu_before = cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    const auto elapsed = [&start] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    for (std::size_t i = 0; i < options.window && !work.all_sent(); ++i) {
        send();
    }
    while (!work.done() && elapsed() < options.timeout_seconds) {
        client.turn(std::chrono::milliseconds(100));
    }
    return {work.acked(), work.repeated(), elapsed(), cpu_seconds() - cpu_before};
}

}  // namespace muster::bench
