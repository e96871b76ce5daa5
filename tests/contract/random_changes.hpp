// Changes at random, from a seed: mostly about things that are there, now and
// then about things that are not.
#pragma once

#include "tests/contract/changes.hpp"

#include <cstdint>
#include <random>

namespace muster::test {

class RandomChanges {
public:
    explicit RandomChanges(std::uint64_t seed) : random_(seed) {}

    // The changes of one commit.
    [[nodiscard]] Changes next();
    [[nodiscard]] core::Execution execution();
    [[nodiscard]] std::uint32_t below(std::uint32_t bound);

    static constexpr std::uint32_t kJobs = 8;      // ids from 1
    static constexpr std::uint32_t kDevices = 12;  // fridge-0 on
    static constexpr std::uint32_t kMessages = 4;
    [[nodiscard]] static std::string message(std::uint32_t number);

private:
    [[nodiscard]] core::Change change();
    [[nodiscard]] core::Job job(JobId id);
    [[nodiscard]] core::Device device();
    [[nodiscard]] DeviceId some_device();
    [[nodiscard]] JobId some_job();
    [[nodiscard]] TimePoint some_time();

    std::mt19937_64 random_;
};

}  // namespace muster::test
