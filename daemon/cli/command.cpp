#include "daemon/cli/command.hpp"

namespace muster::cli {

void Arguments::set(std::string_view name, std::vector<std::string> values) {
    values_.insert_or_assign(std::string(name), std::move(values));
}

bool Arguments::has(std::string_view name) const {
    return values_.find(name) != values_.end();
}

std::string Arguments::one(std::string_view name) const {
    const auto& values = all(name);
    return values.empty() ? std::string() : values.back();
}

const std::vector<std::string>& Arguments::all(std::string_view name) const {
    static const std::vector<std::string> none;
    const auto found = values_.find(name);
    return found == values_.end() ? none : found->second;
}

std::string_view Option::name() const {
    const auto dashes = flags.rfind("--");
    return flags.substr(dashes + 2);
}

std::string Command::path() const {
    return group.empty() ? std::string(name) : std::string(group) + " " + std::string(name);
}

}  // namespace muster::cli
