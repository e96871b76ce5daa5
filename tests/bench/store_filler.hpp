// A store as years of use leave it, written through the Store interface in a minute.
//
// Failures throw std::runtime_error. Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace muster::bench {

struct StoreContents {
    std::size_t devices = 0;  // refrigerators, offline, that were last there at different times
    std::size_t jobs = 0;     // ended ones, the oldest have the lowest numbers
    std::size_t executions_of_job = 0;
    std::size_t executions_of_last_job = 0;  // one more job, on the first so many devices; 0: there is none
    std::size_t audit_entries = 0;
    std::size_t sets = 1;

    [[nodiscard]] std::uint64_t last_job() const { return jobs + 1; }
};

// "fridge-0000001", from 1.
[[nodiscard]] std::string stored_device(const StoreContents& contents, std::size_t number);

// A new store at `path`, with the template of world.hpp.
void fill_store(const std::filesystem::path& path, const StoreContents& contents);

}  // namespace muster::bench
