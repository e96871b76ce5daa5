// The two stores behind one face, for the tests that both must pass.
#pragma once

#include "daemon/store/memory_store.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>

namespace muster::test {

class MemoryHarness {
public:
    store::Store& store() { return store_; }
    void reopen() { store_ = store_.reopened(); }

    // `body` makes one commit, for which there is no space.
    template <class Body>
    void without_space(Body&& body) {
        store_.fail_next_commit(make_error(ErrorCode::unavailable, "no space is left for the store"));
        body();
    }
    // `body` makes one commit, during which the disk fails.
    template <class Body>
    void with_failing_disk(Body&& body) {
        store_.fail_next_commit(make_error(ErrorCode::internal, "the store failed"));
        body();
    }

private:
    store::MemoryStore store_;
};

class SqliteHarness {
public:
    SqliteHarness() { reopen(); }
    store::Store& store() { return *store_; }
    void reopen() {
        store_.reset();
        store_ = store::open((directory_ / "muster.db").string()).value();
    }
    template <class Body>
    void without_space(Body&& body) {
        disk_.full_after(0);
        body();
        disk_.heal();
    }
    template <class Body>
    void with_failing_disk(Body&& body) {
        disk_.fail_syncs();
        body();
        disk_.heal();
    }

private:
    TempDir directory_;
    FaultyDisk disk_;
    std::unique_ptr<store::Store> store_;
};

}  // namespace muster::test
