#include "tests/instructions/stages.hpp"

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "protocol/codec.hpp"
#include "protocol/topics.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/hot_path_samples.hpp"
#include "tests/support/sample_pages.hpp"

#include <array>
#include <memory>
#include <string>

namespace muster::instructions {
namespace {

// Messages that the gateway has under way, and is answered together.
constexpr std::uint32_t kBatch = 100;

constexpr std::size_t kOperations = 1'500;
constexpr std::size_t kMessages = 1'000;
constexpr std::size_t kDevices = 2'000;
constexpr std::size_t kRows = 1'000;
constexpr std::size_t kPageRows = 100;

// What is made must be looked at, or it need not be made at all.
template <class Made>
void look_at(const Made& made) {
    asm volatile("" : : "r,m"(&made) : "memory");
}

// For each operation the topics that are written, and those that are read.
Work prepare_topics() {
    return [topics = Topics::standard(), device = test::device_id(17).text()] {
        for (std::size_t message = 0; message < kMessages; ++message) {
            look_at(topics.device(device, DeviceTopic::cmd));
            const auto ack = topics.device(device, DeviceTopic::ack);
            look_at(topics.parse_device(ack));
            look_at(topics.parse_request(ack));
        }
    };
}

// Each kind of message once, and the id that ties one to the other.
Work prepare_codec() {
    const auto operation = test::sample_operation();
    return [operation, key = OperationKey({1, 2, 3}), frame = encode_frame(operation),
            json = test::ack_payload(operation.id), text = test::ack_text(operation.id),
            state = test::state_payload(3), info = encode(test::fleet_info(17)),
            device = test::device_id(17).text()] {
        for (std::uint32_t message = 0; message < kMessages; ++message) {
            const auto id = key.make(device, JobId{42}, message, 0);
            look_at(frame.payload(to_string(id), operation.expires));
            look_at(encode(operation));
            look_at(decode_ack(json));
            look_at(decode_ack(text));
            look_at(decode_state(state));
            look_at(decode_info(info));
            look_at(parse_operation_id(operation.id));
            look_at(key.verify(device, id));
        }
    };
}

// A job on the fleet, from the request to the last answer, through the engine alone.
Work prepare_step() {
    const test::SampleFleet fleet(kOperations);
    return [job = std::make_shared<test::PlayedJob>(fleet, kBatch),
            engine = std::shared_ptr(fleet.engine(kBatch))] {
        core::Effects effects;
        for (const auto& round : job->rounds()) {
            for (const auto& event : round) {
                engine->step(test::SampleFleet::kNow, event, effects);
            }
            effects.clear();
        }
    };
}

// What that job changes, in commits of a batch each, on a disk; until all of it is in the tables.
Work prepare_store() {
    struct Prepared {
        test::SampleFleet fleet{kOperations};
        test::PlayedJob job{fleet, kBatch};
        test::TempDir directory;
        std::unique_ptr<store::Store> store = store::open((directory / "muster.db").string()).value();
    };
    auto prepared = std::make_shared<Prepared>();
    MUSTER_INVARIANT(prepared->store->commit(prepared->fleet.changes()).has_value());
    return [prepared] {
        for (const auto& changes : prepared->job.changes()) {
            MUSTER_INVARIANT(prepared->store->commit(changes).has_value());
        }
        prepared->store.reset();
    };
}

// Each device set evaluated once.
Work prepare_query() {
    return [engine = std::shared_ptr(test::SampleFleet(kDevices).engine(kBatch))] {
        for (const auto& [name, query] : test::kFleetSets) {
            look_at(engine->catalog().evaluate(*engine->catalog().find_set(name), engine->registry()));
        }
    };
}

// Pages of executions and of devices, to the bytes of the answers.
Work prepare_page() {
    const auto pages = std::make_shared<test::SamplePages>(kRows / 2);
    look_at(pages->page("job/devices", {{"job", 1}}));  // its rows are in the table from now on
    return [pages] {
        for (const std::string verb : {"job/devices", "device/list"}) {
            boost::json::object body{{"limit", kPageRows}};
            if (verb == "job/devices") {
                body["job"] = 1;
            }
            for (std::size_t rows = 0; rows < kRows / 2; rows += kPageRows) {
                look_at(pages->page(verb, body));
            }
        }
    };
}

}  // namespace

std::span<const Stage> stages() {
    static constexpr std::array kStages{
        Stage{"topics", "operation", kMessages, prepare_topics},
        Stage{"codec", "operation", kMessages, prepare_codec},
        Stage{"step", "operation", kOperations, prepare_step},
        Stage{"store", "operation", kOperations, prepare_store},
        Stage{"gateway", "operation", kGatewayOperations, prepare_gateway},
        Stage{"query", "device", kDevices, prepare_query},
        Stage{"page", "row", kRows, prepare_page},
    };
    return kStages;
}

}  // namespace muster::instructions
