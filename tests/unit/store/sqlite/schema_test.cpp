#include "daemon/store/sqlite/schema.hpp"

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/unit/store/sqlite/raw_sql.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <filesystem>
#include <fstream>

namespace muster::test {
namespace {

namespace sqlite = store::sqlite;

// SQL without comments, and with one space where there is any that parts two words.
std::string normal(const std::string& sql) {
    std::string text;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql.compare(i, 2, "--") == 0) {
            i = std::min(sql.find('\n', i), sql.size() - 1);
        }
        const bool space = std::isspace(static_cast<unsigned char>(sql[i])) != 0;
        if (!space) {
            if ((sql[i] == ',' || sql[i] == ')') && !text.empty() && text.back() == ' ') {
                text.pop_back();  // an ALTER puts its comma behind the line break
            }
            text += sql[i];
        } else if (!text.empty() && text.back() != ' ') {
            text += ' ';
        }
    }
    return text;
}

std::string schema_of(const std::string& path) {
    return normal(
        raw_sql(path, "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1, 2"));
}

// An empty file that says it is a store of version 0.
void make_version_zero(const std::string& path) {
    raw_sql(path, "PRAGMA application_id = " + std::to_string(sqlite::kApplicationId));
}

}  // namespace

TEST_CASE("schema.sql and all migrations from nothing give the same schema") {
    const TempDir directory;
    REQUIRE(sqlite::create_store((directory / "new.db").string()).has_value());

    make_version_zero((directory / "migrated.db").string());
    auto database = sqlite::Database::open_writer((directory / "migrated.db").string()).value();
    REQUIRE(sqlite::migrate(*database, 0).has_value());

    const std::string schema = schema_of((directory / "new.db").string());
    CHECK(schema == schema_of((directory / "migrated.db").string()));
    CHECK(schema.find("executions_by_message") != std::string::npos);
    const std::string version = std::to_string(sqlite::schema_version()) + "\n";
    CHECK(raw_sql((directory / "new.db").string(), "PRAGMA user_version") == version);
    CHECK(raw_sql((directory / "migrated.db").string(), "PRAGMA user_version") == version);
}

TEST_CASE("migrating twice changes nothing") {
    const TempDir directory;
    REQUIRE(sqlite::create_store((directory / "muster.db").string()).has_value());
    const std::string schema = schema_of((directory / "muster.db").string());
    auto database = sqlite::Database::open_writer((directory / "muster.db").string()).value();
    REQUIRE(sqlite::migrate(*database, sqlite::identify(*database).value()).has_value());
    CHECK(schema_of((directory / "muster.db").string()) == schema);
}

TEST_CASE("every table is STRICT") {
    const TempDir directory;
    REQUIRE(sqlite::create_store((directory / "muster.db").string()).has_value());
    CHECK(raw_sql((directory / "muster.db").string(),
                  "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND "
                  "NOT strict")
              .empty());
}

TEST_CASE("what a crash left of an unfinished store is replaced") {
    const TempDir directory;
    std::ofstream((directory / "muster.db.new").string()) << "half a store";
    REQUIRE(store::open((directory / "muster.db").string()).has_value());
    CHECK(!std::filesystem::exists((directory / "muster.db.new").string()));
}

TEST_CASE("each store has an operation key of its own") {
    const TempDir directory;
    const auto one = store::open((directory / "one.db").string()).value()->load().value();
    const auto two = store::open((directory / "two.db").string()).value()->load().value();
    CHECK(one.operation_key != two.operation_key);
}

}  // namespace muster::test
