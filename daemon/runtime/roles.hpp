// Who may do what.
#pragma once

#include "daemon/api/api.hpp"

#include <map>
#include <string>
#include <string_view>

namespace muster::runtime {

struct RoleTable {
    std::map<std::string, api::Role, std::less<>> by_user;
    api::Role others = api::Role::none;

    [[nodiscard]] api::Role of(std::string_view user) const {
        const auto found = by_user.find(user);
        return found == by_user.end() ? others : found->second;
    }
};

}  // namespace muster::runtime
