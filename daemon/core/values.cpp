#include "daemon/core/values.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/result.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace muster::core {
namespace json = boost::json;
namespace {

// Typical values are about 100 bytes of text, which become under 1 KiB.
constexpr std::size_t kStackBytes = 4096;

// What becomes a Packed.
struct Parts {
    std::string names;
    std::string values;

    void add(std::string_view quoted_name, std::string_view value) {
        names.append(quoted_name).append(1, '\n');
        values.append(values.empty() ? "" : "\n").append(value);
    }
    [[nodiscard]] Values::Packed packed() const { return {SharedText(names), values}; }
};

Parts parts_of(const json::object& object) {
    std::vector<const json::key_value_pair*> members;
    members.reserve(object.size());
    for (const auto& member : object) {
        if (!member.value().is_null()) {
            members.push_back(&member);
        }
    }
    std::ranges::sort(members, {}, [](const json::key_value_pair* member) { return member->key(); });
    Parts parts;
    for (const json::key_value_pair* member : members) {
        parts.add(format_json(json::value(member->key())), format_json(member->value()));
    }
    return parts;
}

// Returns whether the patch changed the object.
bool apply(json::object& object, const json::object& patch) {
    bool changed = false;
    for (const auto& [name, value] : patch) {
        const auto found = object.find(name);
        if (value.is_null()) {
            if (found != object.end()) {
                object.erase(found);
                changed = true;
            }
        } else if (found == object.end()) {
            object.emplace(name, value);
            changed = true;
        } else if (found->value() != value) {
            found->value() = value;
            changed = true;
        }
    }
    return changed;
}

// Cuts a text of values, which is JSON without spaces, into its pieces. Once it is not, all that comes is "".
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    [[nodiscard]] bool is_at(char expected) const noexcept {
        return at_ < text_.size() && text_[at_] == expected;
    }
    [[nodiscard]] bool is_sound() const noexcept { return sound_; }
    [[nodiscard]] bool is_at_end() const noexcept { return at_ == text_.size(); }
    void skip(char expected) noexcept {
        sound_ = sound_ && is_at(expected);
        at_ += sound_ ? 1 : 0;
    }
    // With its quotes.
    std::string_view string() {
        const auto begin = at_;
        skip_string();
        return piece(begin);
    }
    // Up to the , or } behind it.
    std::string_view value() {
        const auto begin = at_;
        for (std::size_t depth = 0; sound_ && (depth > 0 || !(is_at(',') || is_at('}')));) {
            if (is_at('"')) {
                skip_string();
                continue;
            }
            depth += is_at('{') || is_at('[') ? 1U : 0U;
            depth -= is_at('}') || is_at(']') ? 1U : 0U;
            sound_ = sound_ && !is_at(' ');
            step();
        }
        sound_ = sound_ && at_ > begin;
        return piece(begin);
    }

private:
    void step() noexcept {
        sound_ = sound_ && at_ < text_.size() && text_[at_] != '\n';
        at_ += sound_ ? 1 : 0;
    }
    void skip_string() noexcept {
        for (skip('"'); sound_ && !is_at('"'); step()) {
            if (is_at('\\')) {
                step();
            }
        }
        skip('"');
    }
    [[nodiscard]] std::string_view piece(std::size_t begin) const {
        return sound_ ? text_.substr(begin, at_ - begin) : std::string_view();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool sound_ = true;
};

// Takes a line from the front of `rest`.
std::string_view take_line(std::string_view& rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

struct Member {
    std::string_view name;  // with its quotes
    std::string_view value;
};

// The members one by one, without looking at what their JSON says: taking it apart for each message
// was a tenth of all instructions of an operation.
class MemberReader {
public:
    explicit MemberReader(const Values::Packed& packed)
        : names_(packed.empty() ? std::string_view() : packed.head().view()), values_(packed.view()) {}

    std::optional<Member> next() {
        return names_.empty() ? std::nullopt : std::optional(Member{take_line(names_), take_line(values_)});
    }

private:
    std::string_view names_;
    std::string_view values_;
};

// 0.0 or -0.0, which are equal.
bool is_zero(const json::value& value) {
    return value.is_double() && value.get_double() == 0;
}

// The values after merge(), of a patch that only gives other values to names that are there. Absent:
// the patch does more, or has a value that may be written in several ways.
std::optional<std::string> with_values(const Values::Packed& packed, const json::object& patch) {
    std::string after;
    after.reserve(packed.size());
    std::size_t found = 0;
    MemberReader members(packed);
    while (const auto member = members.next()) {
        const auto name = member->name.substr(1, member->name.size() - 2);
        if (name.find('\\') != std::string_view::npos) {
            return std::nullopt;  // not the name itself
        }
        after += after.empty() ? "" : "\n";
        const auto* value = patch.if_contains(name);
        if (value == nullptr) {
            after += member->value;
        } else if (value->is_structured() || value->is_null() || is_zero(*value)) {
            return std::nullopt;
        } else {
            append_json(after, *value);
            ++found;
        }
    }
    return found == patch.size() ? std::optional(std::move(after)) : std::nullopt;
}

}  // namespace

Values::Values(const json::object& object) : packed_(parts_of(object).packed()) {}

Values Values::from_text(std::string_view text) {
    auto values = read(text);
    MUSTER_INVARIANT(values.has_value());
    return std::move(*values);
}

std::optional<Values> Values::read(std::string_view text) {
    if (text.empty() || text == "{}") {
        return Values();
    }
    Parts parts;
    Scanner scanner(text);
    scanner.skip('{');
    do {
        const auto name = scanner.string();
        scanner.skip(':');
        parts.add(name, scanner.value());
        if (scanner.is_at(',')) {
            scanner.skip(',');
            continue;
        }
        scanner.skip('}');
        return scanner.is_sound() && scanner.is_at_end() ? std::optional(of(parts.packed())) : std::nullopt;
    } while (scanner.is_sound());
    return std::nullopt;
}

std::optional<Values> Values::read_packed(std::string_view names, std::string_view values) {
    if (names.empty() && values.empty()) {
        return Values();
    }
    const auto lines = std::ranges::count(values, '\n') + 1;
    bool sound = !values.empty() && names.ends_with('\n') && std::ranges::count(names, '\n') == lines;
    for (auto rest = names; sound && !rest.empty();) {
        Scanner name(take_line(rest));
        static_cast<void>(name.string());
        sound = name.is_sound() && name.is_at_end();
    }
    return sound ? std::optional(of({SharedText(names), values})) : std::nullopt;
}

std::string Values::text() const {
    std::string text;
    text.reserve(size());
    MemberReader members(packed_);
    while (const auto member = members.next()) {
        text.append(1, text.empty() ? '{' : ',').append(member->name).append(1, ':').append(member->value);
    }
    text.append(text.empty() ? "" : "}");
    return text;
}

json::object Values::object(json::storage_ptr storage) const {
    if (empty()) {
        return json::object(std::move(storage));
    }
    // Numbers exactly as they were: Boost's parser may change their last digit.
    auto value = parse_json(text(), size(), limits::kRequestJsonDepth, std::move(storage));
    MUSTER_INVARIANT(value.has_value() && value->is_object());
    return std::move(value->get_object());
}

std::optional<json::value> Values::find(std::string_view name) const {
    const auto text = find_text(format_json(json::value(name)));
    if (text.empty()) {
        return std::nullopt;
    }
    auto value = parse_json(text, text.size(), limits::kRequestJsonDepth);
    MUSTER_INVARIANT(value.has_value());
    return std::move(*value);
}

std::string_view Values::find_text(std::string_view quoted_name) const noexcept {
    MemberReader members(packed_);
    while (const auto member = members.next()) {
        if (member->name == quoted_name) {
            return member->value;
        }
    }
    return {};
}

bool Values::merge(const json::object& patch) {
    if (patch.empty()) {
        return false;
    }
    if (const auto after = with_values(packed_, patch)) {
        const bool changed = *after != packed_.view();
        if (changed) {
            packed_ = Packed(packed_.head(), *after);
        }
        return changed;
    }
    std::byte buffer[kStackBytes];
    json::monotonic_resource memory(buffer, sizeof buffer);
    json::object merged = object(&memory);
    if (!apply(merged, patch)) {
        return false;
    }
    *this = Values(merged);
    return true;
}

}  // namespace muster::core
