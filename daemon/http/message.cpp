#include "daemon/http/message.hpp"

#include "protocol/utf8.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace muster::http {

std::string_view to_string(Method method) noexcept {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::delete_:
            return "DELETE";
        case Method::other:
            return "";
    }
    return "";
}

std::optional<Target> parse_target(std::string_view text) {
    const auto url = boost::urls::parse_origin_form({text.data(), text.size()});
    if (!url) {
        return std::nullopt;
    }
    Target target;
    target.path = std::string(url->encoded_path().data(), url->encoded_path().size());
    for (const auto segment : url->segments()) {
        target.segments.emplace_back(segment.data(), segment.size());
    }
    for (const auto parameter : url->params()) {
        auto value = parameter.has_value ? std::string(parameter.value) : std::string{};
        target.query.emplace_back(std::string(parameter.key), std::move(value));
    }
    const auto is_good = [](const auto& part) { return is_text(part); };
    const bool good = std::ranges::all_of(target.segments, is_good) &&
                      std::ranges::all_of(target.query, [&](const auto& parameter) {
                          return is_good(parameter.first) && is_good(parameter.second);
                      });
    return good ? std::optional(std::move(target)) : std::nullopt;
}

}  // namespace muster::http
