#include "tests/support/faulty_disk.hpp"

#include "tests/support/faulty_disk_state.hpp"

#include <cerrno>
#include <filesystem>
#include <utility>

namespace muster::test {
namespace faulty {

Disk disk;
std::recursive_mutex disk_mutex;

std::string base_name(const char* path) {
    return std::filesystem::path(path).filename().string();
}

void note(DiskStep step) {
    const std::lock_guard lock(disk_mutex);
    if (disk.recording) {
        disk.steps.push_back(std::move(step));
    }
}

// The fault, if it hits this call.
std::optional<DiskFault> hit(DiskCall call, const char* name) {
    const std::lock_guard lock(disk_mutex);
    if (disk.alive && disk.watcher && name != nullptr) {
        disk.watcher(call, name);
    }
    if (!disk.alive || !disk.fault || disk.fault->call != call || name == nullptr ||
        !std::string_view(name).ends_with(disk.fault->only)) {
        return std::nullopt;
    }
    if (disk.fault->after > 0) {
        --disk.fault->after;
        return std::nullopt;
    }
    if (!disk.fault->lasting && disk.hits > 0) {
        return std::nullopt;
    }
    ++disk.hits;
    switch (disk.fault->failure) {
        case DiskFailure::io_error:
        case DiskFailure::lost_sync:
            errno = EIO;
            break;
        case DiskFailure::no_space:
            errno = ENOSPC;
            break;
        case DiskFailure::read_only:
            errno = EROFS;
            break;
    }
    return disk.fault;
}

void note_unsynced(const char* name, DiskStep step) {
    const std::lock_guard lock(disk_mutex);
    if (name != nullptr) {
        disk.unsynced.insert(name);
        step.name = base_name(name);
        note(std::move(step));
    }
}

void note_write(const char* name, const void* bytes, std::size_t size, std::int64_t offset) {
    note_unsynced(name, {DiskStep::Kind::write,
                         {},
                         {},
                         static_cast<std::uint64_t>(offset),
                         std::string(static_cast<const char*>(bytes), disk.recording ? size : 0)});
}

bool sync_file(const char* name) {
    const std::lock_guard lock(disk_mutex);
    ++disk.syncs;
    if (const auto fault = hit(DiskCall::sync, name)) {
        if (fault->failure == DiskFailure::lost_sync) {
            note({DiskStep::Kind::lose, base_name(name)});
        }
        return false;
    }
    disk.unsynced.erase(name);
    note({DiskStep::Kind::sync, base_name(name)});
    return true;
}

}  // namespace faulty

using faulty::disk;
using faulty::disk_mutex;

std::string_view to_string(DiskCall call) noexcept {
    switch (call) {
        case DiskCall::open:
            return "open";
        case DiskCall::read:
            return "read";
        case DiskCall::write:
            return "write";
        case DiskCall::truncate:
            return "truncate";
        case DiskCall::sync:
            return "sync";
        case DiskCall::remove:
            return "remove";
        case DiskCall::lock:
            return "lock";
        case DiskCall::shared_memory:
            return "shared_memory";
        case DiskCall::rename:
            return "rename";
        case DiskCall::sync_names:
            return "sync_names";
    }
    return "";
}

std::string_view to_string(DiskFailure failure) noexcept {
    switch (failure) {
        case DiskFailure::io_error:
            return "io_error";
        case DiskFailure::no_space:
            return "no_space";
        case DiskFailure::read_only:
            return "read_only";
        case DiskFailure::lost_sync:
            return "lost_sync";
    }
    return "";
}

FaultyDisk::FaultyDisk() {
    disk = {};
    disk.alive = true;
    faulty::take_over();
}

FaultyDisk::~FaultyDisk() {
    faulty::give_back();
    disk = {};
}

void FaultyDisk::arm(DiskFault fault) {
    const std::lock_guard lock(disk_mutex);
    disk.hits = 0;
    disk.fault = std::move(fault);
}

void FaultyDisk::heal() noexcept {
    const std::lock_guard lock(disk_mutex);
    disk.fault.reset();
}

std::uint64_t FaultyDisk::hits() const noexcept {
    const std::lock_guard lock(disk_mutex);
    return disk.hits;
}

void FaultyDisk::watch(std::function<void(DiskCall, std::string_view)> watcher) {
    const std::lock_guard lock(disk_mutex);
    disk.watcher = std::move(watcher);
}

std::uint64_t FaultyDisk::syncs() const noexcept {
    const std::lock_guard lock(disk_mutex);
    return disk.syncs;
}

std::string FaultyDisk::unsynced() const {
    const std::lock_guard lock(disk_mutex);
    std::string names;
    for (const std::string& name : disk.unsynced) {
        names += name + " ";
    }
    return names;
}

void FaultyDisk::record() {
    const std::lock_guard lock(disk_mutex);
    disk.recording = true;
    disk.steps.clear();
}

const std::vector<DiskStep>& FaultyDisk::steps() const noexcept {
    return disk.steps;
}

}  // namespace muster::test
