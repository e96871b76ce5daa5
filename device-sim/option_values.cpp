#include "device-sim/options.hpp"
#include "protocol/codec.hpp"
#include "protocol/ids.hpp"
#include "protocol/limits.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include <charconv>

namespace muster::sim {
namespace {

constexpr Milliseconds kLongestRange = std::chrono::hours(24);
constexpr std::size_t kLongestTagValue = 256;
constexpr std::uint16_t kTlsPort = 8883;

Error wanted(std::string_view text, std::string_view what) {
    return make_error(ErrorCode::invalid, fmt::format("'{}' is not {}", text, what));
}

// The whole text or nothing.
template <class Number>
std::optional<Number> read_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

boost::json::value tag_value(std::string_view text) {
    Result<boost::json::value> value = parse_json(text, kLongestTagValue, 1);
    if (value && (value->is_number() || value->is_bool())) {
        return *std::move(value);
    }
    return boost::json::value(text);
}

}  // namespace

Result<double> parse_percent(std::string_view text) {
    const std::string_view digits =
        text.substr(0, text.size() - static_cast<std::size_t>(text.ends_with('%')));
    const std::optional<double> percent = read_number<double>(digits);
    if (!percent || !(*percent >= 0 && *percent <= 100)) {
        return wanted(text, "a percentage from 0 to 100");
    }
    return *percent;
}

Result<DurationRange> parse_range(std::string_view text, Milliseconds unit) {
    const std::size_t dots = text.find("..");
    const auto least = read_number<std::int64_t>(text.substr(0, dots));
    const auto most =
        dots == std::string_view::npos ? least : read_number<std::int64_t>(text.substr(dots + 2));
    const std::int64_t longest = kLongestRange / unit;
    if (!least || !most || *least < 0 || *least > *most || *most > longest) {
        return wanted(text, fmt::format("a range such as 10..200, within 0..{}", longest));
    }
    return DurationRange{*least * unit, *most * unit};
}

Result<Broker> parse_broker(std::string_view text) {
    constexpr std::string_view kWanted =
        "a broker's address such as mqtt://127.0.0.1:1883 or mqtts://host:8883";
    const auto url = boost::urls::parse_uri(text);
    if (!url || (url->scheme() != "mqtt" && url->scheme() != "mqtts") || url->host_address().empty() ||
        url->has_userinfo() || !(url->encoded_path().empty() || url->encoded_path() == "/") ||
        url->has_query() || url->has_fragment()) {
        return wanted(text, kWanted);
    }
    Broker broker;
    broker.tls = url->scheme() == "mqtts";
    broker.port = broker.tls ? kTlsPort : broker.port;
    broker.host = url->host_address();
    if (url->has_port()) {
        broker.port = url->port_number();
        if (broker.port == 0) {
            return wanted(text, kWanted);
        }
    }
    return broker;
}

Result<TagSpread> parse_tag(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || !is_field_name(text.substr(0, equals))) {
        return wanted(text, "a tag with its values, such as site=oslo|bergen");
    }
    TagSpread tag{std::string(text.substr(0, equals)), {}};
    std::string_view rest = text.substr(equals + 1);
    for (bool more = true; more;) {
        const std::size_t bar = rest.find('|');
        const std::string_view value = rest.substr(0, bar);
        if (value.empty() || value.size() > kLongestTagValue) {
            return wanted(text, "a tag with values of 1 to 256 bytes");
        }
        tag.values.push_back(tag_value(value));
        more = bar != std::string_view::npos;
        rest.remove_prefix(more ? bar + 1 : rest.size());
    }
    return tag;
}

}  // namespace muster::sim
