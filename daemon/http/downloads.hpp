// Links that a browser can follow by itself, where it cannot send a token: each
// names one job and who asked for it, works once, and not for long.
//
// Threads: one.
#pragma once

#include "daemon/api/api.hpp"
#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <map>
#include <optional>
#include <string>

namespace muster::http {

struct Download {
    JobId job = JobId::none;
    std::string user;
    api::Role role = api::Role::none;
    TimePoint expires{};
};

class Downloads {
public:
    static constexpr Seconds kLife{60};
    static constexpr std::size_t kMost = 1'000;

    // The secret of the link. Over kMost the one that ends first is forgotten.
    [[nodiscard]] std::string add(Download download);
    // nullopt: there is none, it was used, or it is too old.
    [[nodiscard]] std::optional<Download> take(const std::string& secret, TimePoint now);

private:
    std::map<std::string, Download> open_;
};

}  // namespace muster::http
