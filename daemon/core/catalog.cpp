#include "daemon/core/catalog.hpp"

#include "daemon/core/matches.hpp"
#include "protocol/codec.hpp"

#include <algorithm>

namespace muster::core {

const StoredTemplate* Catalog::find_template(std::string_view name) const {
    const auto found = templates_.find(name);
    return found == templates_.end() || found->second.back().deleted ? nullptr : &found->second.back();
}

const StoredTemplate* Catalog::find_template(std::string_view name, std::uint64_t version) const {
    const auto found = templates_.find(name);
    if (found == templates_.end()) {
        return nullptr;
    }
    const auto& versions = found->second;
    const auto at = std::find_if(versions.begin(), versions.end(), [version](const StoredTemplate& stored) {
        return stored.version == version;
    });
    return at == versions.end() ? nullptr : &*at;
}

void Catalog::put_template(StoredTemplate stored) {
    constexpr std::size_t kVersionBytes = 1024;  // of a version beside its document
    const auto name = stored.body->name;
    template_bytes_ += kVersionBytes + format_json(stored.body->source).size();
    templates_[name].push_back(std::move(stored));
    for (auto& [set_name, entry] : sets_) {
        if (entry.set.template_name == name) {
            entry.broken = cause_of_break(entry);
        }
    }
}

std::uint64_t Catalog::next_version(std::string_view name) const {
    const auto found = templates_.find(name);
    return found == templates_.end() ? 1 : found->second.back().version + 1;
}

std::vector<const StoredTemplate*> Catalog::templates() const {
    std::vector<const StoredTemplate*> in_force;
    for (const auto& [name, versions] : templates_) {
        if (!versions.back().deleted) {
            in_force.push_back(&versions.back());
        }
    }
    return in_force;
}

const Catalog::SetEntry* Catalog::find_set(std::string_view name) const {
    const auto found = sets_.find(name);
    return found == sets_.end() ? nullptr : &found->second;
}

void Catalog::put_set(DeviceSet set) {
    SetEntry entry{std::move(set), std::nullopt, {}};
    if (auto query = Query::parse(entry.set.query)) {
        entry.query = std::move(query).value();
    }
    entry.broken = cause_of_break(entry);
    sets_.insert_or_assign(entry.set.name, std::move(entry));
}

void Catalog::erase_set(std::string_view name) {
    const auto found = sets_.find(name);
    if (found != sets_.end()) {
        sets_.erase(found);
    }
}

std::string Catalog::cause_of_break(const SetEntry& entry) const {
    const auto* stored = find_template(entry.set.template_name);
    if (stored == nullptr) {
        return "its template " + entry.set.template_name + " no longer exists";
    }
    if (!entry.query) {
        return "its query does not parse: " + sentence(Query::parse(entry.set.query).error());
    }
    const auto checked = entry.query->check(*stored->body);
    return checked ? std::string{} : "its query does not fit the template: " + sentence(checked.error());
}

std::vector<DeviceIndex> Catalog::evaluate(const SetEntry& entry, const Registry& registry) const {
    MUSTER_INVARIANT(entry.broken.empty());
    auto& matches = registry.match_cache().of(filter_of(entry), registry);
    auto effort = Effort::boundless();
    static_cast<void>(matches.settle(registry, effort));
    std::vector<DeviceIndex> members;
    members.reserve(matches.count());
    registry.for_each_after("", [&](DeviceIndex index, const Device&) {
        if (matches.contains(registry, index, effort)) {
            members.push_back(index);
        }
        return true;
    });
    return members;
}

DeviceFilter Catalog::filter_of(const SetEntry& entry) {
    return {entry.set.template_name, entry.query, {}};
}

bool Catalog::contains(const SetEntry& entry, const Device& device) {
    return entry.broken.empty() && device.template_name == entry.set.template_name &&
           entry.query->matches(device);
}

std::string sentence(const Error& error) {
    if (error.details.empty()) {
        return error.message;
    }
    std::string text;
    for (const auto& detail : error.details) {
        text += text.empty() ? "" : "; ";
        text += detail.field.empty() ? detail.message : detail.field + " " + detail.message;
    }
    return text;
}

}  // namespace muster::core
