// Numbers of the core's enumerators as the store's columns hold them. They are
// on disks in the field: an enumerator may be added at the end (with a migration
// for its CHECK), never moved.
#pragma once

#include "daemon/core/execution.hpp"
#include "daemon/core/job.hpp"

#include <cstdint>

namespace muster::store::sqlite {

template <class Enum>
[[nodiscard]] constexpr std::int64_t code_of(Enum value) noexcept {
    return static_cast<std::int64_t>(value);
}

// The highest code of each enumeration.
template <class Enum>
inline constexpr std::int64_t kLastCode = -1;
template <>
inline constexpr std::int64_t kLastCode<core::JobType> = 2;
template <>
inline constexpr std::int64_t kLastCode<core::JobState> = 4;
template <>
inline constexpr std::int64_t kLastCode<core::ExecutionState> = 2;
template <>
inline constexpr std::int64_t kLastCode<core::Phase> = 5;
template <>
inline constexpr std::int64_t kLastCode<core::Reason> = 7;

static_assert(code_of(core::JobType::settings) == 0);
static_assert(code_of(core::JobType::properties) == 1);
static_assert(code_of(core::JobType::commands) == 2);

static_assert(code_of(core::JobState::pending) == 0);
static_assert(code_of(core::JobState::running) == 1);
static_assert(code_of(core::JobState::completed) == 2);
static_assert(code_of(core::JobState::failed) == 3);
static_assert(code_of(core::JobState::stopped) == 4);

static_assert(code_of(core::ExecutionState::pending) == 0);
static_assert(code_of(core::ExecutionState::completed) == 1);
static_assert(code_of(core::ExecutionState::failed) == 2);

static_assert(code_of(core::Phase::queued) == 0);
static_assert(code_of(core::Phase::held) == 1);
static_assert(code_of(core::Phase::sent) == 2);
static_assert(code_of(core::Phase::in_progress) == 3);
static_assert(code_of(core::Phase::deferred) == 4);
static_assert(code_of(core::Phase::done) == 5);

static_assert(code_of(core::Reason::none) == 0);
static_assert(code_of(core::Reason::rejected) == 1);
static_assert(code_of(core::Reason::device_error) == 2);
static_assert(code_of(core::Reason::timeout) == 3);
static_assert(code_of(core::Reason::offline) == 4);
static_assert(code_of(core::Reason::deleted) == 5);
static_assert(code_of(core::Reason::unsupported) == 6);
static_assert(code_of(core::Reason::uncertain) == 7);

}  // namespace muster::store::sqlite
