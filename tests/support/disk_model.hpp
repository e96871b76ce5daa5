// What a disk was told, and what may be left of it when the power fails: a file
// has what it was given up to its last sync, and of what came after any part
// that this says; names (made, renamed, removed) are on the disk in the order in
// which they changed, some last ones not, as on a file system with a journal.
//
// Threads: a plain value.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

// Files by name, each with its bytes.
using DiskImage = std::map<std::string, std::string>;

// Disks write sectors whole; larger writes may stop between any two.
inline constexpr std::uint64_t kSectorBytes = 512;

struct DiskStep {
    enum class Kind {
        make,        // an empty file `name`
        write,       // `bytes` at `offset`
        truncate,    // to `offset` bytes
        sync,        // of the file
        lose,        // a sync that failed: what it was to keep can be read, and never gets onto the disk
        rename,      // to `to`
        remove,      //
        sync_names,  // of the directory
    };
    Kind kind = Kind::sync_names;
    std::string name{};
    std::string to{};
    std::uint64_t offset = 0;
    std::string bytes{};
};

// What is left of the steps that no sync has covered.
enum class Survival {
    nothing,    // the disk held everything back
    prefix,     // the first ones, the last of them cut between two sectors
    scattered,  // any sectors, in any order
    all,        // the process died, the system did not
};
inline constexpr Survival kSurvivals[] = {Survival::nothing, Survival::prefix, Survival::scattered,
                                          Survival::all};
[[nodiscard]] std::string_view to_string(Survival survival) noexcept;

class DiskModel {
public:
    DiskModel() = default;
    // These files are there, and durable.
    explicit DiskModel(const DiskImage& image);

    void apply(const DiskStep& step);

    // Whether a power failure could take anything away.
    [[nodiscard]] bool settled() const;
    // What the disk holds when the power comes back.
    [[nodiscard]] DiskImage after_power_loss(Survival survival, std::mt19937_64& random) const;

private:
    struct File {
        std::string durable;
        std::vector<DiskStep> pending;
    };
    using Names = std::map<std::string, std::shared_ptr<File>>;

    static void apply_name(Names& names, const DiskStep& step, const std::shared_ptr<File>& made);

    Names names_;          // as programs see them
    Names durable_names_;  // as the disk has them
    struct NameChange {
        DiskStep step;
        std::shared_ptr<File> made;
    };
    std::vector<NameChange> pending_names_;
};

}  // namespace muster::test
