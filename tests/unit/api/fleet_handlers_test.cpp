#include "protocol/codec.hpp"
#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::api {
namespace {

using test::ApiCaller;
using test::details;
using test::texts;
using Lines = std::vector<std::string>;

Lines listed(ApiCaller& caller, std::string_view verb, std::string_view body) {
    return texts(caller.result(verb, body), "device");
}

// Devices 1 to 4; the first two online and in Oslo, the third named Lobby.
void furnish(ApiCaller& caller) {
    caller.world().add_devices(1, 2);
    caller.world().add_devices(3, 4, false);
    for (const auto* body :
         {R"({"device":"d00001","tags":{"site":"oslo"}})", R"({"device":"d00002","tags":{"site":"oslo"}})",
          R"({"device":"d00003","name":"Lobby"})"}) {
        REQUIRE(caller.call("device/put", body).has_value());
    }
}

}  // namespace

TEST_CASE("SPEC 7.9: device/list by search, template, presence and query") {
    ApiCaller caller;
    furnish(caller);
    REQUIRE(caller.call("template/put", R"({"document":{"name":"oven"}})").has_value());
    REQUIRE(caller.call("device/put", R"({"device":"oven-1","template":"oven"})").has_value());
    CHECK(listed(caller, "device/list", "{}") == Lines{"d00001", "d00002", "d00003", "d00004", "oven-1"});
    CHECK(listed(caller, "device/list", R"({"search":"0003"})") == Lines{"d00003"});
    CHECK(listed(caller, "device/list", R"({"search":"Lobby"})") == Lines{"d00003"});
    CHECK(listed(caller, "device/list", R"({"template":"oven"})") == Lines{"oven-1"});
    CHECK(listed(caller, "device/list", R"({"online":true})") == Lines{"d00001", "d00002"});
    CHECK(listed(caller, "device/list",
                 R"query({"query":"tags.site == 'oslo' && !id.endsWith('1')"})query") == Lines{"d00002"});
    CHECK(listed(caller, "device/list", R"({"query":"!online","search":"4"})") == Lines{"d00004"});
    const auto refused = caller.refusal("device/list", R"({"query":"tags.site =="})");
    REQUIRE_FALSE(refused.details.empty());
    CHECK(refused.details[0].field.starts_with("query:"));
}

TEST_CASE("SPEC 7.6: pages of devices, also when the last one of a page is gone") {
    ApiCaller caller;
    furnish(caller);
    const auto first = caller.result("device/list", R"({"limit":2})");
    CHECK(texts(first, "device") == Lines{"d00001", "d00002"});
    CHECK(first.at("next") == "d00002");
    REQUIRE(caller.call("device/delete", R"({"device":"d00002"})").has_value());
    const auto second = caller.result("device/list", R"({"limit":2,"cursor":"d00002"})");
    CHECK(texts(second, "device") == Lines{"d00003", "d00004"});
    CHECK(second.at("next").is_null());
}

TEST_CASE("device/get shows its latest jobs") {
    ApiCaller caller;
    furnish(caller);
    caller.world().run(test::settings_job("first"));
    caller.world().run(test::settings_job("second"));
    const auto device = caller.result("device/get", R"({"device":"d00001"})");
    const auto& jobs = device.at("jobs").as_array();
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[0].at("job") == 2);
    CHECK(jobs[0].at("job_name") == "second");
    CHECK(jobs[0].at("detail") == "waiting for job 1 on this device");
    CHECK(caller.refusal("device/get", R"({"device":"d9"})").code == ErrorCode::not_found);
    CHECK(details(caller.refusal("device/get")) == Lines{"device: is missing"});
}

TEST_CASE("device/put creates, patches and says what it did") {
    ApiCaller caller;
    const auto changed = [&caller](std::string_view body) {
        return std::string(caller.result("device/put", body).at("changed").as_string());
    };
    const auto* body =
        R"({"device":"d1","template":"fridge","tags":{"a":1,"b":"x"},"properties":{"location":"Oslo"}})";
    CHECK(changed(body) == "created");
    CHECK(changed(body) == "unchanged");
    CHECK(changed(R"({"device":"d1","tags":{"a":null}})") == "updated");
    CHECK(format_json(caller.result("device/get", R"({"device":"d1"})").at("tags")) == R"({"b":"x"})");
    CHECK(
        details(caller.refusal(
                    "device/put",
                    R"({"device":"d1","tags":{"a":[1],"no name":1},"properties":{"assetTag":"x","gone":1}})"))
            .size() == 4);
    CHECK(details(caller.refusal("device/put", R"({"device":"d1","template":"oven"})")) ==
          Lines{"template: is oven; there is no such template"});
}

TEST_CASE("A08: set/preview shows the devices of a set, or of a draft, and why one is broken") {
    ApiCaller caller;
    furnish(caller);
    const auto whole = caller.result("set/preview", R"({"set":"fridges","limit":3})");
    CHECK(texts(whole, "device").size() == 3);
    CHECK(whole.at("count") == 4);
    CHECK(whole.at("next") == "d00003");
    CHECK(whole.at("broken").is_null());
    const auto draft = caller.result("set/preview", R"({"template":"fridge","query":"online"})");
    CHECK(texts(draft, "device") == Lines{"d00001", "d00002"});
    CHECK(draft.at("count") == 2);
    CHECK(listed(caller, "set/preview", R"({"template":"fridge"})").size() == 4);
    const auto wrong =
        caller.refusal("set/preview", R"({"template":"fridge","query":"reported.nothing == 1"})");
    CHECK(wrong.code == ErrorCode::invalid);
    CHECK(caller.refusal("set/preview", R"({"template":"oven"})").code == ErrorCode::not_found);
    CHECK(caller.refusal("set/preview", R"({"set":"nothing"})").code == ErrorCode::not_found);

    REQUIRE(caller.call("template/delete", R"({"template":"fridge"})").has_value());
    const auto broken = caller.result("set/preview", R"({"set":"fridges"})");
    CHECK(texts(broken, "device").empty());
    CHECK(broken.at("count") == 0);
    CHECK(broken.at("broken") == "its template fridge no longer exists");
    CHECK(caller.result("set/get", R"({"set":"fridges"})").at("devices") == 0);
}

TEST_CASE("SPEC 7.9: set/preview is of a set, or of template and query, never of both") {
    ApiCaller caller;
    const Lines expected{"set: name a device set, or give template and query"};
    CHECK(details(caller.refusal("set/preview")) == expected);
    CHECK(details(caller.refusal("set/preview", R"({"set":"fridges","template":"fridge"})")) == expected);
    CHECK(details(caller.refusal("set/preview", R"({"set":"fridges","query":"online"})")) == expected);
    CHECK(details(caller.refusal("set/preview", R"({"query":"online"})")) == expected);
}

TEST_CASE("set/put creates, updates by revision and says what it did") {
    ApiCaller caller;
    const auto created = caller.result("set/put", R"({"set":"s","template":"fridge","query":"online"})");
    CHECK(created.at("changed") == "created");
    CHECK(created.at("revision") == 1);
    CHECK(caller.result("set/put", R"({"set":"s","template":"fridge","query":"online"})").at("changed") ==
          "unchanged");
    const auto updated = caller.result("set/put", R"({"set":"s","template":"fridge","revision":1})");
    CHECK(updated.at("changed") == "updated");
    CHECK(updated.at("revision") == 2);
    CHECK(caller.refusal("set/put", R"({"set":"s","template":"fridge","revision":1})").code ==
          ErrorCode::conflict);
    CHECK(details(caller.refusal("set/put", R"({"set":"t","template":"oven"})")) ==
          Lines{"template: is oven; there is no such template"});
    CHECK(texts(caller.result("set/list", R"({"limit":1})"), "set") == Lines{"fridges"});
    CHECK(texts(caller.result("set/list", R"({"limit":1,"cursor":"fridges"})"), "set") == Lines{"s"});
    CHECK(caller.result("set/delete", R"({"set":"s"})").empty());
    CHECK(caller.refusal("set/get", R"({"set":"s"})").code == ErrorCode::not_found);
}

TEST_CASE("template/put counts versions, and template/get answers each of them") {
    ApiCaller caller;
    const auto put = [&caller](std::string_view title) {
        return caller.result("template/put",
                             R"({"document":{"name":"oven","title":")" + std::string(title) + "\"}}");
    };
    CHECK(put("one").at("changed") == "created");
    CHECK(put("one").at("changed") == "unchanged");
    CHECK(put("two").at("version") == 2);
    const auto title = [&caller](std::string_view more) {
        const auto got = caller.result("template/get", R"({"template":"oven")" + std::string(more) + "}");
        return std::string(got.at("document").at("title").as_string());
    };
    CHECK(title("") == "two");
    CHECK(title(R"(,"version":1)") == "one");
    CHECK(caller.refusal("template/get", R"({"template":"oven","version":3})").code == ErrorCode::not_found);
    CHECK(caller.result("template/delete", R"({"template":"oven"})").empty());
    CHECK(caller.refusal("template/get", R"({"template":"oven"})").code == ErrorCode::not_found);
    CHECK(title(R"(,"version":1)") == "one");
    CHECK(put("two").at("version") == 4);
    CHECK(details(caller.refusal("template/put")) == Lines{"document: is missing"});
    CHECK(caller.refusal("template/put", R"({"document":{"name":"x","nmae":1}})").code == ErrorCode::invalid);
}

TEST_CASE("SPEC 7.9: template/list counts the devices, page by page") {
    ApiCaller caller;
    furnish(caller);
    REQUIRE(caller.call("template/put", R"({"document":{"name":"oven","gateway":true}})").has_value());
    const auto first = caller.result("template/list", R"({"limit":1})");
    CHECK(format_json(first.at("items")) ==
          R"([{"template":"fridge","title":"Fridge","gateway":false,"version":1,"devices":4}])");
    const auto second = caller.result("template/list", R"({"limit":1,"cursor":"fridge"})");
    CHECK(texts(second, "gateway") == Lines{"true"});
    CHECK(second.at("next").is_null());
}

TEST_CASE("SPEC 7.6: devices in every order, however the pages are cut, also while one goes") {
    ApiCaller caller;
    furnish(caller);
    const auto put = [&caller](const std::string& body) {
        REQUIRE(caller.call("device/put", body).has_value());
    };
    put(R"({"device":"d00001","name":"Zoo. 1"})");
    put(R"({"device":"d00003","name":"Airport"})");
    const auto all = [&caller](const std::string& order, const std::string& limit) {
        Lines found;
        std::string cursor;
        for (int pages = 0; pages < 10; ++pages) {
            auto body = test::object_of("{\"limit\":" + limit + order + "}");
            if (!cursor.empty()) {
                body["cursor"] = cursor;
            }
            const auto page = caller.result("device/list", format_json(body));
            const auto part = texts(page, "device");
            found.insert(found.end(), part.begin(), part.end());
            if (page.at("next").is_null()) {
                return found;
            }
            cursor = std::string(page.at("next").as_string());
        }
        return Lines{"no end"};
    };
    for (const auto* limit : {"1", "2", "3", "100"}) {
        CAPTURE(limit);
        CHECK(all(R"(,"order":"desc")", limit) == Lines{"d00004", "d00003", "d00002", "d00001"});
        CHECK(all(R"(,"sort":"name")", limit) == Lines{"d00003", "d00001", "d00002", "d00004"});
        CHECK(all(R"(,"sort":"name","order":"desc")", limit) ==
              Lines{"d00004", "d00002", "d00001", "d00003"});
        CHECK(all(R"(,"sort":"online")", limit) == Lines{"d00003", "d00004", "d00001", "d00002"});
        CHECK(all(R"(,"sort":"template")", limit).size() == 4);
        CHECK(all(R"(,"sort":"since")", limit).size() == 4);
    }
    const auto first = caller.result("device/list", R"({"sort":"name","limit":2})");
    REQUIRE(caller.call("device/delete", R"({"device":"d00001"})").has_value());
    const auto cursor = R"(,"cursor":")" + std::string(first.at("next").as_string()) + "\"}";
    CHECK(listed(caller, "device/list", R"({"sort":"name")" + cursor) == Lines{"d00002", "d00004"});
    CHECK(details(caller.refusal("device/list", R"({"sort":"online")" + cursor)) ==
          Lines{"cursor: is of a list in another order"});
    CHECK(details(caller.refusal("device/list", R"({"order":"asc")" + cursor)) ==
          Lines{"cursor: is of a list in another order"});
}

TEST_CASE("devices are found by a part of their id or name, in any case") {
    ApiCaller caller;
    furnish(caller);
    REQUIRE(caller.call("device/put", R"({"device":"d00003","name":"Airport"})").has_value());
    CHECK(listed(caller, "device/list", R"({"search":"AIR"})") == Lines{"d00003"});
    CHECK(listed(caller, "device/list", R"({"search":"D00002"})") == Lines{"d00002"});
}

TEST_CASE("A07: the devices of a set are searched without changing how many the set has") {
    ApiCaller caller;
    furnish(caller);
    const auto found = caller.result("set/preview", R"({"set":"fridges","search":"3"})");
    CHECK(texts(found, "device") == Lines{"d00003"});
    CHECK(found.at("count") == 4);
    CHECK(found.at("matching") == 1);
    const auto online = caller.result("set/preview", R"({"template":"fridge","online":true,"limit":1})");
    CHECK(texts(online, "device") == Lines{"d00001"});
    CHECK(online.at("count") == 4);
    CHECK(online.at("matching") == 2);
    CHECK(online.at("next") == "d00001");
}

TEST_CASE("device/jobs is the whole history of a device, page by page, and outlives the device") {
    ApiCaller caller;
    furnish(caller);
    for (const auto* name : {"first", "second", "third"}) {
        caller.world().run(test::settings_job(name));
    }
    const auto page = caller.result("device/jobs", R"({"device":"d00001","limit":2})");
    CHECK(texts(page, "job_name") == Lines{"third", "second"});
    CHECK(texts(page, "job_status") == Lines{"Running", "Running"});
    CHECK(page.at("next") == "2");
    const auto rest = caller.result("device/jobs", R"({"device":"d00001","limit":2,"cursor":"2"})");
    CHECK(texts(rest, "job") == Lines{"1"});
    CHECK(rest.at("next").is_null());
    REQUIRE(caller.call("device/delete", R"({"device":"d00001"})").has_value());
    CHECK(texts(caller.result("device/jobs", R"({"device":"d00001"})"), "reason") ==
          Lines{"deleted", "deleted", "deleted"});
    CHECK(caller.refusal("device/jobs", R"({"device":"d9"})").code == ErrorCode::not_found);
    CHECK(details(caller.refusal("device/jobs", R"({"device":"d00001","cursor":"x"})")) ==
          Lines{"cursor: is not one that an earlier page gave"});
}

}  // namespace muster::api
