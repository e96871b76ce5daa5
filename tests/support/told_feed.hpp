// A feed that remembers what it was told.
//
// Threads: one.
#pragma once

#include "daemon/api/feed.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::test {

class ToldFeed final : public api::Feed {
public:
    void tell(std::string_view event, boost::json::object data) override {
        told_.emplace_back(event, std::move(data));
    }
    // What was told since it was last asked for, of this kind.
    [[nodiscard]] std::vector<boost::json::object> take(std::string_view event) {
        std::vector<boost::json::object> found;
        std::erase_if(told_, [&](auto& told) {
            const bool wanted = told.first == event;
            if (wanted) {
                found.push_back(std::move(told.second));
            }
            return wanted;
        });
        return found;
    }

private:
    std::vector<std::pair<std::string, boost::json::object>> told_;
};

}  // namespace muster::test
