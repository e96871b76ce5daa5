#include "daemon/store/sqlite/row.hpp"

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/changes.hpp"
#include "tests/unit/store/sqlite/raw_sql.hpp"

#include <doctest/doctest.h>

namespace muster::test {
namespace {

// The error of loading a store in which `sql` has been at work.
Error load_after(const std::string& sql) {
    const TempDir directory;
    const std::string path = (directory / "muster.db").string();
    Changes changes = job_on_fridges(1, core::JobState::running, 2);
    changes.push_back(core::PutDevice{full_device("fridge-0")});
    changes.push_back(core::PutTemplate{template_of("refrigerator", 1, "Refrigerator")});
    REQUIRE(store::open(path).value()->commit(changes).has_value());
    raw_sql(path, sql);
    const auto opened = store::open(path).value();
    const auto loaded = opened->load();
    REQUIRE_MESSAGE(!loaded.has_value(), sql);
    CHECK(opened->commit(changes).error().code == ErrorCode::internal);
    return loaded.error();
}

}  // namespace

TEST_CASE("a row that makes no sense is refused, with what to do, and never ends the process") {
    for (const char* sql : {
             "UPDATE devices SET device = 'a/b'",
             "UPDATE devices SET remembers = 70000",
             "UPDATE devices SET reported = '{\"fanSpeed\": 3}'",
             "UPDATE devices SET tags = '{'",
             "UPDATE executions SET device = ''",
             "UPDATE executions SET attempts = -1",
             "PRAGMA ignore_check_constraints = ON; UPDATE executions SET reason = 8",
             "PRAGMA ignore_check_constraints = ON; UPDATE jobs SET state = -1",
             "UPDATE jobs SET pending = 5000000000",
             "UPDATE jobs SET operations = '[{\"name\":3}]'",
             "UPDATE jobs SET operations = '{}'",
             "UPDATE jobs SET selection = '{\"all\":true,\"devices\":[\"fridge-0\", 7]}'",
             "UPDATE jobs SET selection = ''",
             "UPDATE jobs SET policy = '[]'",
             "UPDATE jobs SET outcomes = "
             "'[{\"state\":\"Lost\",\"reason\":\"\",\"message\":\"\",\"count\":1}]'",
             "DELETE FROM gateway",
         }) {
        CAPTURE(sql);
        const Error error = load_after(sql);
        CHECK(error.code == ErrorCode::internal);
        CHECK(error.message.find("restore it from a backup") != std::string::npos);
    }
    CHECK(
        load_after("UPDATE templates SET document = '{}'").message.find("template refrigerator version 1") !=
        std::string::npos);
}

}  // namespace muster::test
