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

// SQL without comments, and with one space where there is any.
std::string normal(const std::string& sql) {
    std::string text;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql.compare(i, 2, "--") == 0) {
            i = std::min(sql.find('\n', i), sql.size() - 1);
        }
        const bool space = std::isspace(static_cast<unsigned char>(sql[i])) != 0;
        if (!space) {
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
    const TemporaryDirectory directory;
    REQUIRE(sqlite::create_store(directory.file("new.db")).has_value());

    make_version_zero(directory.file("migrated.db"));
    auto database = sqlite::Database::open_writer(directory.file("migrated.db")).value();
    REQUIRE(sqlite::migrate(*database, 0).has_value());

    const std::string schema = schema_of(directory.file("new.db"));
    CHECK(schema == schema_of(directory.file("migrated.db")));
    CHECK(schema.find("executions_by_message") != std::string::npos);
    const std::string version = std::to_string(sqlite::schema_version()) + "\n";
    CHECK(raw_sql(directory.file("new.db"), "PRAGMA user_version") == version);
    CHECK(raw_sql(directory.file("migrated.db"), "PRAGMA user_version") == version);
}

TEST_CASE("migrating twice changes nothing") {
    const TemporaryDirectory directory;
    REQUIRE(sqlite::create_store(directory.file("muster.db")).has_value());
    const std::string schema = schema_of(directory.file("muster.db"));
    auto database = sqlite::Database::open_writer(directory.file("muster.db")).value();
    REQUIRE(sqlite::migrate(*database, sqlite::identify(*database).value()).has_value());
    CHECK(schema_of(directory.file("muster.db")) == schema);
}

TEST_CASE("every table is STRICT") {
    const TemporaryDirectory directory;
    REQUIRE(sqlite::create_store(directory.file("muster.db")).has_value());
    CHECK(raw_sql(directory.file("muster.db"),
                  "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND "
                  "NOT strict")
              .empty());
}

TEST_CASE("what a crash left of an unfinished store is replaced") {
    const TemporaryDirectory directory;
    std::ofstream(directory.file("muster.db.new")) << "half a store";
    REQUIRE(store::open(directory.file("muster.db")).has_value());
    CHECK(!std::filesystem::exists(directory.file("muster.db.new")));
}

TEST_CASE("each store has an operation key of its own") {
    const TemporaryDirectory directory;
    const auto one = store::open(directory.file("one.db")).value()->load().value();
    const auto two = store::open(directory.file("two.db")).value()->load().value();
    CHECK(one.operation_key != two.operation_key);
}

}  // namespace muster::test
