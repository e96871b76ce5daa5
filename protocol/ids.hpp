// Identities on the wire: device ids, job ids, and the operation id that ties
// an acknowledgement to the one message it answers (SPEC.md, section 2).
//
// Threads: plain values; OperationKey is immutable after construction.
#pragma once

#include "protocol/result.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace muster {

// SPEC 2.1: [A-Za-z0-9][A-Za-z0-9_-]{0,63}. A DeviceId in hand is valid.
class DeviceId {
public:
    DeviceId() = default;
    // Error: invalid, naming the first character that breaks the grammar.
    [[nodiscard]] static Result<DeviceId> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    friend auto operator<=>(const DeviceId&, const DeviceId&) = default;

private:
    explicit DeviceId(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// True for text in the grammar that device ids, user names, and the names of
// sets and templates share (SPEC 2.1), at most `length` bytes.
[[nodiscard]] bool is_plain_name(std::string_view text, std::size_t length) noexcept;
// Names of settings, properties, commands, tags and reported fields:
// [A-Za-z_][A-Za-z0-9_]{0,63}, so that every one can be written in a query.
[[nodiscard]] bool is_field_name(std::string_view text) noexcept;

// Jobs are numbered from 1; 0 is no job.
enum class JobId : std::uint64_t { none = 0 };
[[nodiscard]] std::string to_string(JobId job);
// Decimal digits without sign or leading zero. Error: invalid.
[[nodiscard]] Result<JobId> parse_job_id(std::string_view text);

// SPEC 2.3: "<job>.<execution>.<operation>-<tag>", such as "42.1017.0-k3J9xQ2v".
struct OperationId {
    JobId job = JobId::none;
    std::uint32_t execution = 0;  // ordinal within the job, from 0
    std::uint16_t operation = 0;  // ordinal of the message within the execution, from 0
    std::array<char, 8> tag{};    // keyed hash, base64url

    friend bool operator==(const OperationId&, const OperationId&) = default;
};

[[nodiscard]] std::string to_string(const OperationId& id);
// Error: invalid. Accepts exactly what to_string writes: no sign, no leading
// zeros, no surrounding space.
[[nodiscard]] Result<OperationId> parse_operation_id(std::string_view text);

// Secret of one gateway. Tags are 48 bits of SipHash-2-4 over device, job,
// execution and operation: a device cannot guess the id of a message that it
// did not receive, nor use another device's.
class OperationKey {
public:
    static constexpr std::size_t kBytes = 16;
    using Bytes = std::array<std::uint8_t, kBytes>;

    explicit OperationKey(const Bytes& bytes) noexcept : bytes_(bytes) {}
    // `ask`: how often the device has asked for the message again, where each
    // ask has an id of its own (SPEC 4.6). `epoch`: of the job (core::Job), so that
    // a job number that is given again after a backup was restored names nothing
    // that a device may remember.
    [[nodiscard]] OperationId make(std::string_view device, JobId job, std::uint32_t execution,
                                   std::uint16_t operation, std::uint16_t ask = 0,
                                   std::uint64_t epoch = 0) const noexcept;
    // Constant-time comparison of the tag.
    [[nodiscard]] bool verify(std::string_view device, const OperationId& id, std::uint16_t ask = 0,
                              std::uint64_t epoch = 0) const noexcept;

private:
    Bytes bytes_;
};

}  // namespace muster

template <>
struct std::hash<muster::DeviceId> {
    std::size_t operator()(const muster::DeviceId& id) const noexcept {
        return std::hash<std::string>{}(id.text());
    }
};
