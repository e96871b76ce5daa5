#include "daemon/api/csv.hpp"

#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace muster::api {
namespace {

// RFC 4180, read by the book: records of fields.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
    std::vector<std::vector<std::string>> records;
    std::vector<std::string> record;
    std::string field;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted) {
            if (text[i] != '"') {
                field += text[i];
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                field += text[++i];
            } else {
                quoted = false;
            }
        } else if (text[i] == '"') {
            REQUIRE(field.empty());
            quoted = true;
        } else if (text[i] == ',') {
            record.push_back(std::exchange(field, {}));
        } else if (text[i] == '\r') {
            REQUIRE(text.at(++i) == '\n');
            record.push_back(std::exchange(field, {}));
            records.push_back(std::exchange(record, {}));
        } else {
            REQUIRE(text[i] != '\n');
            field += text[i];
        }
    }
    REQUIRE_FALSE(quoted);
    REQUIRE(record.empty());
    return records;
}

std::string csv_cell(std::string_view cell) {
    std::string text = "before,";
    append_csv_cell(cell, text);
    REQUIRE(text.starts_with("before,"));
    return text.substr(7);
}

}  // namespace

TEST_CASE("B08 RFC 4180: cells with commas, quotes and line ends are quoted, others are not") {
    CHECK(csv_cell("") == "");
    CHECK(csv_cell("out of range") == "out of range");
    CHECK(csv_cell("a,b") == "\"a,b\"");
    CHECK(csv_cell("say \"no\"") == "\"say \"\"no\"\"\"");
    CHECK(csv_cell("two\nlines") == "\"two\nlines\"");
    CHECK(csv_cell("two\r\nlines") == "\"two\r\nlines\"");
    CHECK(csv_cell("Kjøl, 3 °C") == "\"Kjøl, 3 °C\"");
}

TEST_CASE("B08: no cell is a formula to a spreadsheet") {
    for (const std::string first : {"=", "+", "-", "@", "\t"}) {
        CHECK(csv_cell(first + "1+1") == "'" + first + "1+1");
    }
    CHECK(csv_cell("\r=1") == "\"'\r=1\"");
    CHECK(csv_cell("=HYPERLINK(\"x\",\"y\")") == "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    CHECK(csv_cell("a=1") == "a=1");
    CHECK(csv_cell("5 - 3") == "5 - 3");
}

TEST_CASE("B08: NULs are left out, and hide no formula") {
    using namespace std::string_literals;
    CHECK(csv_cell("a\0b"s) == "ab");
    CHECK(csv_cell("\0"s) == "");
    CHECK(csv_cell("\0=1+1"s) == "'=1+1");
    CHECK(csv_cell("\0\0@x"s) == "'@x");
}

TEST_CASE("A24: the CSV has the job's details, every device, its status, and why it failed") {
    test::ApiCaller caller;
    caller.world().add_devices(1, 3);
    auto spec = test::settings_job("=Fan, \"fast\"");
    spec.description = "two\nlines";
    const auto job = caller.world().run(spec);
    const auto sends = caller.world().take_sends();
    caller.world().answer(sends[0], 200);
    caller.world().answer(sends[1], 400, "=cmd|' /C calc'!A0");
    const auto reply = caller.result("job/csv", R"({"job": 1})");
    CHECK(reply.at("next").is_null());
    const auto records = read_csv(std::string(reply.at("csv").as_string()));
    REQUIRE(records.size() == 4);
    const auto& names = records[0];
    const auto cell = [&](std::size_t row, std::string_view name) {
        const auto at = std::find(names.begin(), names.end(), name);
        REQUIRE(at != names.end());
        return records[row].at(static_cast<std::size_t>(at - names.begin()));
    };
    for (const auto& record : records) {
        CHECK(record.size() == names.size());
    }
    CHECK(cell(1, "job") == to_string(job));
    CHECK(cell(1, "job_name") == "'=Fan, \"fast\"");
    CHECK(cell(1, "job_description") == "two\nlines");
    CHECK(cell(1, "job_status") == "Running");
    CHECK(cell(1, "operations") == R"([{"name":"fanSpeed","value":3}])");
    CHECK(cell(1, "status") == "Completed");
    CHECK(cell(2, "device") == "d00002");
    CHECK(cell(2, "status") == "Failed");
    CHECK(cell(2, "reason") == "rejected");
    CHECK(cell(2, "message") == "'=cmd|' /C calc'!A0");
    CHECK(cell(2, "attempts") == "1");
    CHECK(cell(2, "finished_at") == "2026-01-01T10:00:00.000Z");
    CHECK(cell(2, "new") == R"({"fanSpeed":3})");
    CHECK(cell(3, "status") == "Pending");
    CHECK(cell(3, "detail") == "sent, attempt 1");
    CHECK(cell(3, "finished_at") == "");
}

TEST_CASE("B08: pages of a CSV put together are the whole, with one header") {
    test::ApiCaller caller;
    caller.world().add_devices(1, 7);
    caller.world().run(test::settings_job("s"));
    std::string text;
    std::string cursor;
    int pages = 0;
    do {
        const auto more = cursor.empty() ? std::string{} : R"(,"cursor":")" + cursor + "\"";
        const auto page = caller.result("job/csv", R"({"job": 1, "limit": 3)" + more + "}");
        text += std::string(page.at("csv").as_string());
        cursor = page.at("next").is_null() ? std::string{} : std::string(page.at("next").as_string());
        ++pages;
    } while (!cursor.empty());
    CHECK(pages == 3);
    CHECK(text == std::string(caller.result("job/csv", R"({"job": 1})").at("csv").as_string()));
    CHECK(read_csv(text).size() == 8);
}

TEST_CASE("A40: a deleted device is in the CSV with its id, and marked") {
    test::ApiCaller caller;
    caller.world().add_devices(1, 1);
    caller.world().run(test::settings_job("s"));
    REQUIRE(caller.call("device/delete", R"({"device": "d00001"})").has_value());
    const auto records =
        read_csv(std::string(caller.result("job/csv", R"({"job": 1})").at("csv").as_string()));
    const auto deleted = std::find(records[0].begin(), records[0].end(), "deleted") - records[0].begin();
    const auto device = std::find(records[0].begin(), records[0].end(), "device") - records[0].begin();
    CHECK(records[1].at(static_cast<std::size_t>(deleted)) == "true");
    CHECK(records[1].at(static_cast<std::size_t>(device)) == "d00001");
}

}  // namespace muster::api
