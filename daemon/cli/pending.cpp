#include "daemon/cli/pending.hpp"

#include "daemon/cli/fields.hpp"
#include "daemon/cli/fold.hpp"
#include "daemon/cli/paging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace muster::cli {
namespace json = boost::json;

std::string pending_reason(std::string_view detail) {
    static constexpr std::array<std::string_view, 4> kOwn{" since ", ", attempt ", " until ", ": "};
    for (const auto own : kOwn) {
        detail = detail.substr(0, detail.find(own));
    }
    return std::string(detail);
}

Outcome<std::vector<PendingGroup>> load_pending(Context& context, std::uint64_t job, std::uint64_t most,
                                                Milliseconds timeout) {
    const auto rows =
        first_rows(context, "job/devices", {{"job", job}, {"status", "Pending"}}, most, timeout);
    if (!rows) {
        return rows.error();
    }
    std::vector<PendingGroup> groups;
    for (const json::value& item : *rows) {
        const auto& execution = as_object(item);
        auto reason = pending_reason(text_of(execution, "detail"));
        auto group = std::ranges::find(groups, reason, &PendingGroup::why);
        if (group == groups.end()) {
            group = groups.insert(groups.end(), {std::move(reason), {}});
        }
        group->devices.push_back(text_of(execution, "device"));
    }
    std::ranges::stable_sort(groups, std::ranges::greater(),
                             [](const PendingGroup& group) { return group.devices.size(); });
    return groups;
}

std::vector<Line> pending_lines(const std::vector<PendingGroup>& groups, std::uint64_t pending) {
    std::vector<Line> lines;
    std::uint64_t shown = 0;
    for (const auto& [reason, devices] : groups) {
        shown += devices.size();
        lines.push_back({{fmt::format("{:>6}  ", devices.size()), Style::strong},
                         {reason},
                         {"  "},
                         {fold_ids(devices), Style::dim}});
    }
    if (pending > shown && shown != 0) {
        lines.push_back({{fmt::format("{:>6}  more, not looked at", pending - shown), Style::dim}});
    }
    return lines;
}

}  // namespace muster::cli
