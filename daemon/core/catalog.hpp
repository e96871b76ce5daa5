// Templates with all their versions, and device sets with their compiled
// queries. Knows whether a set is broken, and why.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/device_set.hpp"
#include "daemon/core/query.hpp"
#include "daemon/core/registry.hpp"
#include "daemon/core/template.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::core {

struct DeviceFilter;

class Catalog {
public:
    struct SetEntry {
        DeviceSet set;
        std::optional<Query> query;  // absent: it no longer parses
        std::string broken;          // the cause; empty: it is not broken
    };

    // Templates. nullptr: none of that name in force.
    [[nodiscard]] const StoredTemplate* find_template(std::string_view name) const;
    [[nodiscard]] const StoredTemplate* find_template(std::string_view name, std::uint64_t version) const;
    // Adds a version; the sets of this template are looked at again.
    void put_template(StoredTemplate stored);
    [[nodiscard]] std::uint64_t next_version(std::string_view name) const;
    [[nodiscard]] std::vector<const StoredTemplate*> templates() const;  // in force, by name
    // What the documents of all versions take, as text.
    [[nodiscard]] std::size_t template_bytes() const noexcept { return template_bytes_; }

    // Sets. nullptr: none of that name.
    [[nodiscard]] const SetEntry* find_set(std::string_view name) const;
    void put_set(DeviceSet set);
    void erase_set(std::string_view name);
    [[nodiscard]] const std::map<std::string, SetEntry, std::less<>>& sets() const noexcept { return sets_; }

    // The devices of a set that is not broken, in order of id.
    [[nodiscard]] std::vector<DeviceIndex> evaluate(const SetEntry& entry, const Registry& registry) const;
    [[nodiscard]] static bool contains(const SetEntry& entry, const Device& device);
    // What its devices pass.
    [[nodiscard]] static DeviceFilter filter_of(const SetEntry& entry);

private:
    [[nodiscard]] std::string cause_of_break(const SetEntry& entry) const;

    std::map<std::string, std::vector<StoredTemplate>, std::less<>> templates_;  // versions, oldest first
    std::size_t template_bytes_ = 0;
    std::map<std::string, SetEntry, std::less<>> sets_;
};

// First line of an error with its details, as one sentence.
[[nodiscard]] std::string sentence(const Error& error);

}  // namespace muster::core
