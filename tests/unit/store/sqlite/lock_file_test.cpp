#include "daemon/store/sqlite/lock_file.hpp"

#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <optional>

namespace muster::test {

TEST_CASE("one at a time holds a lock, and the next gets it when it is let go") {
    const TempDir directory;
    auto first = std::optional(store::sqlite::LockFile::acquire((directory / "lock").string()));
    REQUIRE(first->has_value());
    CHECK(store::sqlite::LockFile::acquire((directory / "lock").string()).error().code ==
          ErrorCode::conflict);
    first.reset();
    CHECK(store::sqlite::LockFile::acquire((directory / "lock").string()).has_value());
}

TEST_CASE("a moved lock is still held") {
    const TempDir directory;
    auto taken = store::sqlite::LockFile::acquire((directory / "lock").string()).value();
    const store::sqlite::LockFile moved = std::move(taken);
    CHECK(!store::sqlite::LockFile::acquire((directory / "lock").string()).has_value());
}

}  // namespace muster::test
