// A disk for SQLite that can be full, can fail to sync, and knows what it was
// given but not yet told to keep. While one lives, every SQLite file opened in
// this process is on it; it must outlive them. One at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace muster::test {

class FaultyDisk {
public:
    FaultyDisk();
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    // From the write after the next `writes` on, half of each is written and
    // there is no space for the rest.
    void full_after(int writes) noexcept;
    void free_space() noexcept;
    // Every sync fails from now on, or works again.
    void fail_syncs(bool fail) noexcept;

    // Called before each write and each sync, from SQLite's thread, with the
    // name of the file.
    enum class Call { write, sync };
    void watch(std::function<void(Call, std::string_view)> watcher);

    // Faults hit only the files whose name ends so; "" is every file.
    void only(std::string name_end);

    // Syncs that were asked for, whether they worked or not.
    [[nodiscard]] int syncs() const noexcept;
    // Names of the files with bytes that no sync has covered.
    [[nodiscard]] std::string unsynced() const;
};

}  // namespace muster::test
