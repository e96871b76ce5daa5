#include "tests/unit/api/api_caller.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

namespace muster::test {

boost::json::object object_of(std::string_view text) {
    return parse_json(text, limits::kRequestBytes, limits::kRequestJsonDepth).value().as_object();
}

Result<boost::json::object> ApiCaller::call(std::string_view verb, std::string_view body, api::Role role) {
    auto prepared = api::prepare({"anna", role, std::string(verb), object_of(body)}, view());
    if (!prepared) {
        return prepared.error();
    }
    if (!prepared->request) {
        return prepared->answer(view(), nullptr);
    }
    const auto answer = world_.ask(*prepared->request);
    return answer ? prepared->answer(view(), &*answer) : Result<boost::json::object>(answer.error());
}

boost::json::object ApiCaller::result(std::string_view verb, std::string_view body) {
    return call(verb, body).value();
}

Error ApiCaller::refusal(std::string_view verb, std::string_view body) {
    auto called = call(verb, body);
    MUSTER_INVARIANT(!called.has_value());
    return std::move(called).error();
}

std::vector<std::string> texts(const boost::json::object& page, std::string_view member) {
    std::vector<std::string> found;
    for (const auto& item : page.at("items").as_array()) {
        const auto& value = item.at(member);
        found.push_back(value.is_string() ? std::string(value.get_string()) : format_json(value));
    }
    return found;
}

std::vector<std::string> details(const Error& error) {
    std::vector<std::string> lines;
    for (const auto& detail : error.details) {
        lines.push_back(detail.field + ": " + detail.message);
    }
    return lines;
}

}  // namespace muster::test
