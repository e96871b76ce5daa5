// A small set of named JSON values: a device's tags, properties, settings or
// reported state. A million devices have four each, most alike, and most are looked at
// seldom: it is one pointer, copies share what is behind it, and the names, which a
// whole fleet has in common, stand apart from the values, so that these are all that
// a device has of its own.
//
// Names are unique, a value is never null, and the text is canonical (names
// sorted by bytes, no spaces), so that equal sets have equal text. How many
// values and bytes there may be is the caller's to bound (limits.hpp).
//
// Threads: a plain value.
#pragma once

#include "daemon/core/shared_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace muster::core {

class Values {
public:
    Values() = default;
    // Members that are null are left out.
    explicit Values(const boost::json::object& object);
    // `text` is what text() returned earlier.
    [[nodiscard]] static Values from_text(std::string_view text);
    // The same of a text that may have been damaged since: absent if it is not of that form. What the JSON
    // of each value says is not looked at.
    [[nodiscard]] static std::optional<Values> read(std::string_view text);
    // The names as JSON has them, each a line, and the values, with line ends between them: no JSON
    // of ours has one. The journal's records are of the same form (journal_record.cpp).
    using Packed = HeadedText<SharedText>;
    // The parts of one that may have been damaged since: absent if they are not such parts.
    [[nodiscard]] static std::optional<Values> read_packed(std::string_view names, std::string_view values);
    // The same of what is the packed() of others.
    [[nodiscard]] static Values of(Packed packed) noexcept {
        Values values;
        values.packed_ = std::move(packed);
        return values;
    }

    [[nodiscard]] bool empty() const noexcept { return packed_.empty(); }
    // JSON object text, names in order; "" when empty.
    [[nodiscard]] std::string text() const;
    // How long it is.
    [[nodiscard]] std::size_t size() const noexcept {
        return empty() ? 0 : packed_.head().size() + packed_.size() + 2;
    }
    [[nodiscard]] const Packed& packed() const noexcept { return packed_; }
    // The values taken apart, in memory from `storage`.
    [[nodiscard]] boost::json::object object(boost::json::storage_ptr storage = {}) const;
    [[nodiscard]] std::optional<boost::json::value> find(std::string_view name) const;
    // The JSON of one, not taken apart, of a name as JSON has it: "fanSpeed" with its quotes. Empty: there
    // is none. Lies in these values.
    [[nodiscard]] std::string_view find_text(std::string_view quoted_name) const noexcept;

    // Sets each member of `patch`; null removes. Returns whether anything changed.
    bool merge(const boost::json::object& patch);

    friend bool operator==(const Values&, const Values&) = default;

private:
    Packed packed_;
};

}  // namespace muster::core
