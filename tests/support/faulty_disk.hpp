// A disk for SQLite that can be full, can fail to sync, and knows what it was
// given but not yet told to keep. While one lives, every SQLite file opened in
// this process is on it; it must outlive them. One at a time.
#pragma once

#include <string>

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

    // Faults hit only the files whose name ends so; "" is every file.
    void only(std::string name_end);

    // Syncs that were asked for, whether they worked or not.
    [[nodiscard]] int syncs() const noexcept;
    // Names of the files with bytes that no sync has covered.
    [[nodiscard]] std::string unsynced() const;
};

}  // namespace muster::test
