// Bytes to messages and back, topics, and the ids that tie them together.
#include "protocol/codec.hpp"
#include "protocol/topics.hpp"
#include "tests/support/hot_path_samples.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

namespace muster::bench {
namespace {

constexpr std::string_view kDevice = "fridge-00017";

void encode_operation(benchmark::State& state) {
    const auto message = test::sample_operation();
    for (auto _ : state) {
        benchmark::DoNotOptimize(encode(message));
    }
}
BENCHMARK(encode_operation);

// One message to many devices: what is done for each of them.
void frame_payload(benchmark::State& state) {
    const auto message = test::sample_operation();
    const auto frame = encode_frame(message);
    for (auto _ : state) {
        benchmark::DoNotOptimize(frame.payload(message.id, message.expires));
    }
}
BENCHMARK(frame_payload);

template <class Decode>
void decode_payload(benchmark::State& state, Decode decode, const std::string& payload) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(decode(payload));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(payload.size()));
}
BENCHMARK_CAPTURE(decode_payload, ack_json, decode_ack,
                  test::ack_payload(std::string(test::kSampleOperationId)));
BENCHMARK_CAPTURE(decode_payload, ack_text, decode_ack,
                  test::ack_text(std::string(test::kSampleOperationId)));
BENCHMARK_CAPTURE(decode_payload, state, decode_state, test::state_payload(3));
BENCHMARK_CAPTURE(decode_payload, info, decode_info, encode(test::fleet_info(17)));

void format_operation_id(benchmark::State& state) {
    const auto id = parse_operation_id(test::kSampleOperationId).value();
    for (auto _ : state) {
        benchmark::DoNotOptimize(to_string(id));
    }
}
BENCHMARK(format_operation_id);

void read_operation_id(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(parse_operation_id(test::kSampleOperationId));
    }
}
BENCHMARK(read_operation_id);

void make_operation_id(benchmark::State& state) {
    const OperationKey key({1, 2, 3});
    std::uint32_t execution = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(key.make(kDevice, JobId{42}, ++execution, 0));
    }
}
BENCHMARK(make_operation_id);

void verify_operation_id(benchmark::State& state) {
    const OperationKey key({1, 2, 3});
    const auto id = key.make(kDevice, JobId{42}, 1017, 0);
    for (auto _ : state) {
        benchmark::DoNotOptimize(key.verify(kDevice, id));
    }
}
BENCHMARK(verify_operation_id);

void format_topic(benchmark::State& state) {
    const auto topics = Topics::standard();
    for (auto _ : state) {
        benchmark::DoNotOptimize(topics.device(kDevice, DeviceTopic::cmd));
    }
}
BENCHMARK(format_topic);

void parse_topic(benchmark::State& state) {
    const auto topics = Topics::standard();
    const auto topic = topics.device(kDevice, DeviceTopic::ack);
    for (auto _ : state) {
        benchmark::DoNotOptimize(topics.parse_device(topic));
    }
}
BENCHMARK(parse_topic);

}  // namespace
}  // namespace muster::bench
