#include "device-sim/statistics.hpp"

#include "protocol/codec.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace muster;
using namespace muster::sim;
namespace json = boost::json;

namespace {

Reaction reaction(Outcome outcome, std::string operation) {
    Reaction made;
    made.outcome = outcome;
    made.operation = std::move(operation);
    return made;
}

json::object read_back(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return parse_json(text.str(), 1'000'000, 8).value().as_object();
}

}  // namespace

TEST_CASE("The file says what happened, in totals and operation by operation") {
    const muster::test::TempDir folder;
    const std::string path = folder / "stats.json";
    Statistics statistics(true);
    const auto first = statistics.record(reaction(Outcome::executed, "1.0.0-aaaaaaaa"));
    statistics.record_published(PublicationKind::state, first);
    statistics.record_published(PublicationKind::ack, first);
    const auto repeat = statistics.record(reaction(Outcome::repeated, "1.0.0-aaaaaaaa"));
    statistics.record_published(PublicationKind::ack, repeat);
    statistics.record(reaction(Outcome::executed, "1.1.0-bbbbbbbb"));
    statistics.record(reaction(Outcome::executed, "1.1.0-bbbbbbbb"));
    statistics.record(reaction(Outcome::unreadable, ""));
    REQUIRE(write_statistics(path, {200, 188, 12}, statistics).has_value());

    const json::object file = read_back(path);
    CHECK(file.at("devices") == json::value({{"total", 200}, {"online", 188}, {"offline", 12}}));
    CHECK(file.at("totals").at("received") == 5);
    CHECK(file.at("totals").at("executed") == 3);
    CHECK(file.at("totals").at("repeated") == 1);
    CHECK(file.at("totals").at("unreadable") == 1);
    CHECK(file.at("totals").at("acks") == 2);
    CHECK(file.at("operations") ==
          json::value({{"1.0.0-aaaaaaaa", {{"received", 2}, {"executed", 1}, {"acked", 2}}},
                       {"1.1.0-bbbbbbbb", {{"received", 2}, {"executed", 2}, {"acked", 0}}}}));
    CHECK(file.at("executed_more_than_once") == 1);
    CHECK_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_CASE("Without the table per operation, only totals are kept") {
    const muster::test::TempDir folder;
    const std::string path = folder / "stats.json";
    Statistics statistics(false);
    CHECK(statistics.record(reaction(Outcome::executed, "1.0.0-aaaaaaaa")) == OperationTally::kNone);
    REQUIRE(write_statistics(path, {}, statistics).has_value());
    CHECK(read_back(path).at("operations").as_object().empty());
    CHECK(statistics.totals().executed == 1);
}

TEST_CASE("A file that cannot be written is an error") {
    const Statistics statistics(true);
    const auto written = write_statistics("/nonexistent/stats.json", {}, statistics);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().code == ErrorCode::unavailable);
}

TEST_CASE("Every message is in exactly one of the totals") {
    Statistics statistics(false);
    for (const Outcome outcome :
         {Outcome::offline, Outcome::unreadable, Outcome::lost, Outcome::expired, Outcome::not_now,
          Outcome::rejected, Outcome::executed, Outcome::repeated}) {
        statistics.record(reaction(outcome, ""));
    }
    const Totals& totals = statistics.totals();
    CHECK(totals.received == 8);
    CHECK(totals.missed + totals.unreadable + totals.lost + totals.expired + totals.not_now +
              totals.rejected + totals.executed + totals.repeated ==
          8);
}
