#include "daemon/core/query.hpp"

#include "daemon/core/query_ast.hpp"
#include "daemon/core/query_check.hpp"
#include "daemon/core/query_match.hpp"
#include "daemon/core/query_parser.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace muster::core {
namespace {

Result<void> verdict(std::vector<ErrorDetail> mistakes) {
    if (mistakes.empty()) {
        return {};
    }
    std::string message = fmt::format("{}: {}", mistakes.front().field, mistakes.front().message);
    if (mistakes.size() > 1) {
        message += fmt::format(" (and {} more)", mistakes.size() - 1);
    }
    return make_error(ErrorCode::invalid, std::move(message), std::move(mistakes));
}

}  // namespace

Result<Query> Query::parse(std::string_view text) {
    auto parsed = parse_query(text);
    if (parsed.has_error()) {
        return parsed.error();
    }
    std::optional<QueryNode>& root = parsed.value();
    if (!root) {
        return Query(nullptr);
    }
    if (auto checked = verdict(check_query(*root, nullptr)); checked.has_error()) {
        return checked.error();
    }
    return Query(std::make_shared<const QueryNode>(std::move(*root)));
}

Result<void> Query::check(const Template& device_template) const {
    return root_ == nullptr ? Result<void>() : verdict(check_query(*root_, &device_template));
}

bool Query::matches(const Device& device) const {
    return root_ == nullptr || matches_query(*root_, device);
}

std::string Query::text() const {
    return root_ == nullptr ? std::string() : text_of(*root_);
}

Aspects Query::aspects() const {
    return root_ == nullptr ? Aspects() : aspects_of(*root_);
}

}  // namespace muster::core
