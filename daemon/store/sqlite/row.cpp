#include "daemon/store/sqlite/row.hpp"

#include "daemon/store/sqlite/file_error.hpp"
#include "protocol/codec.hpp"

#include <fmt/format.h>

namespace muster::store::sqlite {

// What is stored kept its bounds when it came in; this one only has to hold for
// whatever they allow.
static constexpr std::size_t kStoredJsonDepth = 64;

Error damaged_row(std::string_view table) {
    return make_error(ErrorCode::internal,
                      fmt::format("the store's file is damaged (a row of {} makes no sense): {}", table,
                                  restore_advice("its file")));
}

DeviceId Row::device(int column) {
    auto parsed = DeviceId::parse(statement_.text(column));
    check(parsed.has_value());
    return parsed ? std::move(*parsed) : DeviceId{};
}

boost::json::value Row::json(int column) {
    const std::string_view text = statement_.text(column);
    auto parsed = parse_json(text, text.size(), kStoredJsonDepth);
    check(parsed.has_value());
    return parsed ? std::move(*parsed) : boost::json::value{};
}

core::Values Row::values(int column) {
    auto values = core::Values::read(statement_.text(column));
    check(values.has_value());
    return values ? std::move(*values) : core::Values();
}

}  // namespace muster::store::sqlite
