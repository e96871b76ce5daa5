// A small set of named JSON values: a device's tags, properties, settings or
// reported state. Held as one packed text that copies share, since a million
// devices have four each, most alike, and most are looked at seldom.
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

#include <optional>
#include <string_view>
#include <utility>

namespace muster::core {

class Values {
public:
    Values() = default;
    // Members that are null are left out.
    explicit Values(const boost::json::object& object);
    // `text` is what text() returned earlier (from the store): trusted JSON.
    [[nodiscard]] static Values from_text(std::string_view text);
    // The same of a text that is the shared() of others.
    [[nodiscard]] static Values of(SharedText text) noexcept {
        Values values;
        values.text_ = std::move(text);
        return values;
    }

    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    // JSON object text, names in order; "" when empty.
    [[nodiscard]] std::string_view text() const noexcept { return text_.view(); }
    [[nodiscard]] const SharedText& shared() const noexcept { return text_; }
    // The values taken apart, in memory from `storage`.
    [[nodiscard]] boost::json::object object(boost::json::storage_ptr storage = {}) const;
    [[nodiscard]] std::optional<boost::json::value> find(std::string_view name) const;

    // Sets each member of `patch`; null removes. Returns whether anything changed.
    bool merge(const boost::json::object& patch);

    friend bool operator==(const Values&, const Values&) = default;

private:
    SharedText text_;
};

}  // namespace muster::core
