#include "protocol/codec.hpp"
#include "protocol/ids.hpp"
#include "tests/bench/bare_loop.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::bench {
namespace {

BareOptions options(std::size_t devices) {
    BareOptions options;
    options.devices = devices;
    options.value = 3;
    options.run = 42;
    return options;
}

TEST_CASE("a bare loop sends what musterd would, once to each device") {
    BareWork work(options(12));
    for (int i = 1; i <= 12; ++i) {
        REQUIRE(!work.all_sent());
        const auto message = work.next();
        CHECK(message.topic ==
              "muster/v1/dev/fridge-" + std::string(i < 10 ? "0" : "") + std::to_string(i) + "/cmd");
        const auto operation = decode_operation(message.payload);
        REQUIRE(operation.has_value());
        CHECK(operation->id == "42." + std::to_string(i - 1) + ".0-k3J9xQ2v");
        CHECK(operation->values.at("fanSpeed") == 3);
    }
    CHECK(work.all_sent());
}

TEST_CASE("only the first ack of an operation counts") {
    BareWork work(options(2));
    CHECK(work.take(R"({"id":"42.1.0-k3J9xQ2v","code":200})"));
    CHECK(!work.take(R"({"id":"42.1.0-k3J9xQ2v","code":200})"));
    CHECK(work.repeated() == 1);
    CHECK(!work.take(R"({"id":"42.2.0-k3J9xQ2v","code":200})"));
    CHECK(!work.take("nonsense"));
    CHECK(!work.take(R"({"id":"42)"));
    CHECK(!work.done());
    CHECK(work.take(R"({"id":"42.0.0-k3J9xQ2v","code":200})"));
    CHECK(work.done());
    CHECK(work.acked() == 2);
}

}  // namespace
}  // namespace muster::bench
