#include "tests/instructions/stages.hpp"

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "protocol/codec.hpp"
#include "protocol/topics.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/played_job.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <memory>

namespace muster::instructions {
namespace {

// Messages that one gateway sends and is sent at a time.
constexpr std::uint32_t kBatch = 100;

}  // namespace

std::function<void()> prepare_step() {
    struct Prepared {
        test::PlayedJob job{kOperations, kBatch};
        std::unique_ptr<core::Engine> engine = job.engine();
    };
    return [prepared = std::make_shared<Prepared>()] {
        core::Effects effects;
        for (const auto& round : prepared->job.rounds()) {
            for (const auto& event : round) {
                prepared->engine->step(test::PlayedJob::kNow, event, effects);
            }
            effects.clear();
        }
    };
}

std::function<void()> prepare_store() {
    struct Prepared {
        test::PlayedJob job{kOperations, kBatch};
        test::TempDir directory;
        std::unique_ptr<store::Store> store = store::open((directory / "muster.db").string()).value();
    };
    auto prepared = std::make_shared<Prepared>();
    MUSTER_INVARIANT(prepared->store->commit(prepared->job.fleet()).has_value());
    return [prepared] {
        for (const auto& changes : prepared->job.changes()) {
            MUSTER_INVARIANT(prepared->store->commit(changes).has_value());
        }
    };
}

std::span<const Stage> stages() {
    static constexpr std::array kStages{
        Stage{"step", "operation", kOperations, prepare_step},
        Stage{"store", "operation", kOperations, prepare_store},
        Stage{"gateway", "operation", kOperations, prepare_gateway},
    };
    return kStages;
}

}  // namespace muster::instructions
