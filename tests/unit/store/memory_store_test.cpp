#include "daemon/store/memory_store.hpp"

#include "tests/contract/changes.hpp"
#include "tests/contract/store_text.hpp"

#include <doctest/doctest.h>

namespace muster::test {

TEST_CASE("a copy keeps what was committed before it was taken, and nothing later") {
    store::MemoryStore store(OperationKey::Bytes{7});
    REQUIRE(store.commit(job_on_fridges(1, core::JobState::running, 3)).has_value());
    store::MemoryStore disk = store;
    const std::string before = text_of(disk);
    REQUIRE(
        store.commit(Changes{core::PutExecution{completed(execution_of(1, 0))}, core::DeleteJob{JobId{1}}})
            .has_value());
    CHECK(text_of(disk) == before);
    CHECK(disk.load().value().operation_key == OperationKey::Bytes{7});
    REQUIRE(disk.commit(Changes{core::PutExecution{completed(execution_of(1, 2))}}).has_value());
    CHECK(disk.load().value().jobs[0].tally == core::Tally{1, 0, 2});
}

TEST_CASE("an injected failure hits one commit; one of the disk stays until it is reopened") {
    store::MemoryStore store;
    const Changes changes{put_job(job_of(1, core::JobState::pending))};
    store.fail_next_commit(make_error(ErrorCode::unavailable, "full"));
    CHECK(store.commit(changes).error().message == "full");
    CHECK(store.commit(changes).has_value());
    store.fail_next_commit(make_error(ErrorCode::internal, "broken"));
    CHECK(store.commit(changes).error().message == "broken");
    CHECK(store.commit(changes).error().message == "broken");
    CHECK(store.reopened().commit(changes).has_value());
    CHECK(store.load().error().message == "broken");
}

}  // namespace muster::test
