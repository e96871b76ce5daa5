#include "daemon/runtime/inbox.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <thread>

namespace muster::runtime {
namespace {

mqtt::Inbound message(std::string topic) {
    mqtt::Inbound made;
    made.topic = std::move(topic);
    return made;
}

std::string topic_of(const InboxItem& item) {
    return std::get<mqtt::Inbound>(item).topic;
}

}  // namespace

TEST_CASE("a full inbox refuses messages and counts them, but nothing that must not be lost") {
    Inbox inbox(2);
    CHECK(inbox.push(message("1")));
    CHECK(inbox.push(message("2")));
    CHECK_FALSE(inbox.push(message("3")));
    CHECK_FALSE(inbox.push(message("4")));
    CHECK(inbox.refused() == 2);
    inbox.add(StopAsked{});
    std::vector<InboxItem> batch;
    inbox.take(batch, 10, std::nullopt);
    REQUIRE(batch.size() == 3);
    CHECK(std::holds_alternative<StopAsked>(batch[2]));
    CHECK(inbox.push(message("5")));
}

TEST_CASE("what can be asked for again leaves a quarter of the room to what cannot") {
    Inbox inbox(8);
    for (int i = 0; i < 6; ++i) {
        CHECK(inbox.push_if_roomy(message("birth")));
    }
    CHECK_FALSE(inbox.push_if_roomy(message("birth")));
    CHECK(inbox.push(message("ack")));
    CHECK(inbox.push(message("ack")));
    CHECK_FALSE(inbox.push(message("ack")));
    CHECK(inbox.refused() == 2);
}

TEST_CASE("payloads that wait together have a bound too, and are counted out again") {
    Inbox inbox(1'000);
    auto large = message("large");
    large.payload.resize(Inbox::kMostBytes / 4 - large.topic.size());
    for (int i = 0; i < 4; ++i) {
        CHECK(inbox.push(large));
    }
    auto small = message("small");
    small.payload.resize(1);
    CHECK_FALSE(inbox.push(small));
    std::vector<InboxItem> batch;
    inbox.take(batch, 1, std::nullopt);
    CHECK(inbox.push(small));
    CHECK(inbox.refused() == 1);
}

TEST_CASE("what a message carries beside its payload counts as well") {
    Inbox inbox(100'000);
    auto heavy = message(std::string(60'000, 't'));
    heavy.response_topic.resize(60'000);
    heavy.correlation.resize(60'000);
    std::size_t taken = 0;
    while (inbox.push(heavy)) {
        ++taken;
    }
    CHECK(taken == Inbox::kMostBytes / 180'000);
    CHECK_FALSE(inbox.push(Oversized{heavy, 1}));
    std::vector<InboxItem> batch;
    inbox.take(batch, 1, std::nullopt);
    CHECK(inbox.push(Oversized{heavy, 1}));
    CHECK_FALSE(inbox.push(heavy));
}

TEST_CASE("reads go before what devices say; a change keeps its place, and reads behind it theirs") {
    Inbox inbox(100);
    CHECK(inbox.push(message("ack 1")));
    CHECK(inbox.push_request(message("read 1"), true));
    CHECK(inbox.push_request(message("change"), false));
    CHECK(inbox.push_request(message("read 2"), true));
    CHECK(inbox.push(message("ack 2")));
    CHECK(inbox.waiting() == 5);
    std::vector<InboxItem> batch;
    inbox.take(batch, 4, std::nullopt);
    CHECK(inbox.push_request(message("read 3"), true));
    inbox.take(batch, 4, std::nullopt);
    std::vector<std::string> topics;
    std::ranges::transform(batch, std::back_inserter(topics), topic_of);
    CHECK(topics == std::vector<std::string>{"read 1", "ack 1", "change", "read 2", "ack 2", "read 3"});
}

TEST_CASE("reads that come while a batch is at work need not wait for its end, unless it holds a change") {
    Inbox inbox(100);
    std::vector<InboxItem> batch;
    CHECK(inbox.push(message("ack 1")));
    inbox.take(batch, 10, std::nullopt);
    CHECK_FALSE(inbox.has_reads());
    CHECK(inbox.push(message("ack 2")));
    CHECK(inbox.push_request(message("read 1"), true));
    CHECK(inbox.push_request(message("read 2"), true));
    CHECK(inbox.has_reads());
    std::vector<InboxItem> reads;
    inbox.take_reads(reads, 1);
    CHECK(inbox.has_reads());
    inbox.take_reads(reads, 10);
    CHECK_FALSE(inbox.has_reads());
    REQUIRE(reads.size() == 2);
    CHECK(topic_of(reads[0]) == "read 1");

    CHECK(inbox.push_request(message("change"), false));
    batch.clear();
    inbox.take(batch, 10, std::nullopt);
    CHECK(batch.size() == 2);
    CHECK(inbox.push_request(message("read 3"), true));
    CHECK_FALSE(inbox.has_reads());
    inbox.take(batch, 10, std::nullopt);
    CHECK(inbox.push_request(message("read 4"), true));
    CHECK(inbox.has_reads());
}

TEST_CASE("a read that comes when a change is carried out need not wait behind what devices say") {
    Inbox inbox(100);
    std::vector<InboxItem> batch;
    for (const auto* change : {"change 1", "change 2"}) {
        CHECK(inbox.push_request(message(change), false));
    }
    inbox.take(batch, 10, std::nullopt);
    CHECK(inbox.push(message("ack")));
    inbox.change_begins();
    CHECK(inbox.push_request(message("read 1"), true));  // behind the second
    CHECK_FALSE(inbox.has_reads());
    inbox.change_begins();
    CHECK(inbox.push_request(message("read 2"), true));
    CHECK(inbox.has_reads());
    inbox.change_begins();  // one too many does no harm
    batch.clear();
    inbox.take(batch, 10, std::nullopt);
    REQUIRE(batch.size() == 3);
    CHECK(topic_of(batch[0]) == "read 2");
}

TEST_CASE("however many read, others have half of a batch") {
    Inbox inbox(100);
    for (int i = 0; i < 20; ++i) {
        CHECK(inbox.push_request(message("read"), true));
    }
    CHECK(inbox.push(message("ack")));
    inbox.add(StopAsked{});
    inbox.add(StopAsked{});
    std::vector<InboxItem> batch;
    inbox.take(batch, 4, std::nullopt);
    REQUIRE(batch.size() == 4);
    CHECK(topic_of(batch[1]) == "read");
    CHECK(topic_of(batch[2]) == "ack");
    CHECK(std::holds_alternative<StopAsked>(batch[3]));
    batch.clear();
    inbox.take(batch, 4, std::nullopt);
    REQUIRE(batch.size() == 4);
    CHECK(topic_of(batch[2]) == "read");
    CHECK(std::holds_alternative<StopAsked>(batch[3]));
}

TEST_CASE("who waits for something else is told of reads first, and of nothing that others say") {
    Inbox inbox(100);
    std::vector<InboxItem> batch;
    CHECK(inbox.push(message("ack")));
    inbox.end_wait();
    CHECK_FALSE(inbox.wait_for_reads());
    std::thread reader([&inbox] { CHECK(inbox.push_request(message("read"), true)); });
    CHECK(inbox.wait_for_reads());
    reader.join();
    inbox.take_reads(batch, 1);
    REQUIRE(batch.size() == 1);
    CHECK(topic_of(batch[0]) == "read");
    std::thread other([&inbox] { inbox.end_wait(); });
    CHECK_FALSE(inbox.wait_for_reads());
    other.join();
}

TEST_CASE("requests share the room of the queue, and cannot take more") {
    Inbox inbox(2);
    CHECK(inbox.push(message("ack")));
    CHECK(inbox.push_request(message("request"), true));
    CHECK_FALSE(inbox.push_request(message("request"), false));
    CHECK(inbox.refused() == 1);
}

TEST_CASE("items come in batches, oldest first, whatever is pushed between") {
    Inbox inbox(100);
    std::vector<InboxItem> batch;
    int pushed = 0;
    int taken = 0;
    for (int round = 0; round < 50; ++round) {
        for (int i = 0; i < 3; ++i) {
            if (inbox.push(message(std::to_string(pushed)))) {
                ++pushed;
            }
        }
        batch.clear();
        inbox.take(batch, 2, std::nullopt);
        REQUIRE(batch.size() == 2);
        for (const auto& item : batch) {
            CHECK(topic_of(item) == std::to_string(taken++));
        }
    }
    CHECK(pushed - taken == 50);
}

TEST_CASE("taking ends with nothing when its patience does") {
    Inbox inbox(1);
    std::vector<InboxItem> batch;
    const auto begin = std::chrono::steady_clock::now();
    inbox.take(batch, 1, Milliseconds{0});
    inbox.take(batch, 1, Milliseconds{5});
    CHECK(batch.empty());
    CHECK(std::chrono::steady_clock::now() >= begin + Milliseconds{5});
}

TEST_CASE("taking with endless patience waits for another thread's item") {
    Inbox inbox(1);
    std::vector<InboxItem> batch;
    std::thread other([&inbox] { inbox.add(Disconnected{"gone"}); });
    inbox.take(batch, 1, std::nullopt);
    other.join();
    REQUIRE(batch.size() == 1);
    CHECK(std::get<Disconnected>(batch[0]).reason == "gone");
}

}  // namespace muster::runtime
