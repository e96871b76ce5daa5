#include "protocol/messages.hpp"

#include <doctest/doctest.h>

using namespace muster;

TEST_CASE("SPEC 5.3: what the codes mean") {
    const auto meaning_of = [](int code) {
        Ack ack;
        ack.code = code;
        return meaning(ack);
    };
    CHECK(meaning_of(200) == AckMeaning::completed);
    CHECK(meaning_of(201) == AckMeaning::completed);
    CHECK(meaning_of(202) == AckMeaning::in_progress);
    CHECK(meaning_of(203) == AckMeaning::completed);
    CHECK(meaning_of(299) == AckMeaning::completed);
    CHECK(meaning_of(400) == AckMeaning::rejected);
    CHECK(meaning_of(499) == AckMeaning::rejected);
    CHECK(meaning_of(500) == AckMeaning::device_error);
    CHECK(meaning_of(503) == AckMeaning::device_error);
    CHECK(meaning_of(599) == AckMeaning::device_error);
}

TEST_CASE("SPEC 5.3, B13: 503 is not now only with after, and after is nothing with other codes") {
    Ack ack;
    ack.after = 30;
    ack.code = 503;
    CHECK(meaning(ack) == AckMeaning::not_now);
    ack.code = 500;
    CHECK(meaning(ack) == AckMeaning::device_error);
    ack.code = 200;
    CHECK(meaning(ack) == AckMeaning::completed);
}
