// Requests of HTTP, and tokens: nothing gets in without a token or under a foreign name, and every refusal is
// an answer.
#include "config/token_file.hpp"
#include "daemon/api/console_token.hpp"
#include "daemon/http/front.hpp"
#include "protocol/ids.hpp"
#include "protocol/limits.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

#include <boost/json/parse.hpp>

#include <sstream>
#include <string>

namespace muster::fuzz {
namespace {

constexpr const char* kLocal = "127.0.0.1";
constexpr const char* kToken = "the-good-token";

http::Method method_of(std::string_view text) {
    for (const auto method : {http::Method::get, http::Method::head, http::Method::post, http::Method::put,
                              http::Method::patch, http::Method::delete_}) {
        if (http::to_string(method) == text) {
            return method;
        }
    }
    return http::Method::other;
}

http::Request request_of(const std::vector<std::string_view>& parts) {
    const auto part = [&](std::size_t index) {
        return index < parts.size() ? std::string(parts[index]) : std::string{};
    };
    http::Request request{method_of(part(0)), part(1), {}, part(3)};
    std::istringstream lines(part(2));
    for (std::string line; std::getline(lines, line);) {
        const auto colon = line.find(": ");
        request.headers.emplace(line.substr(0, colon),
                                colon == std::string::npos ? "" : line.substr(colon + 2));
    }
    return request;
}

void require_answer(const http::Response& response) {
    require(response.status >= 200 && response.status < 600, "an answer has a status");
    if (response.status < 400) {
        return;
    }
    boost::system::error_code failed;
    const auto body = boost::json::parse(response.body, failed);
    require(!failed && body.is_object() && body.as_object().contains("error"), "a refusal is JSON");
    require(!body.at("error").at("message").as_string().empty(), "a refusal says why");
    for (const auto& [name, value] : response.headers) {
        require(value.find_first_of("\r\n") == std::string::npos, "no header has a second line");
    }
}

bool is_open(const http::Admitted& admitted) {
    return admitted.route == nullptr || admitted.route->special == http::Special::health ||
           admitted.route->special == http::Special::ready ||
           admitted.route->special == http::Special::download;
}

void check_request(const http::Request& request) {
    http::Front front({.hosts = {"gw.example"}}, [](std::string_view token) -> std::optional<http::Identity> {
        return token == kToken ? std::optional(http::Identity{"anna", api::Role::operator_}) : std::nullopt;
    });
    auto admitted = front.admit(request, kLocal);
    if (const auto* refusal = std::get_if<http::Response>(&admitted)) {
        require_answer(*refusal);
        return;
    }
    const auto& known = std::get<http::Admitted>(admitted);
    const auto* host = request.header("host");
    require(host != nullptr, "a request says for which host it is");
    const auto name = http::plain_host(*host);
    require(name == kLocal || name == "localhost" || name == "gw.example", "a request is for a host of ours");
    require(is_open(known) || known.identity.user == "anna", "nobody gets in without a token");
    const auto action = front.decide(std::get<http::Admitted>(std::move(admitted)), request, TimePoint{});
    if (const auto* response = std::get_if<http::Response>(&action)) {
        require_answer(*response);
    }
    if (const auto* csv = std::get_if<http::CsvStream>(&action)) {
        require(csv->file_name.find_first_not_of("job-0123456789.csv") == std::string::npos,
                "a file has a plain name");
    }
    if (const auto* ask = std::get_if<http::Ask>(&action)) {
        require(ask->call.role <= api::Role::operator_, "nobody gets more than the role of the token");
        require_answer(front.answer(*ask, make_error(ErrorCode::conflict, "c", {{"revision", "r"}})));
    }
}

void check_tokens(std::string_view text) {
    const auto tokens = config::parse_tokens(text, "tokens");
    if (!tokens) {
        require_good(tokens.error());
        return;
    }
    for (const auto& token : *tokens) {
        require(is_plain_name(token.name, limits::kUserNameLength) && token.hash.size() == 64,
                "a token is whole");
    }
}

}  // namespace

// Method, target, headers and body; the first part stands for a file of tokens, too.
void fuzz_http(Input input) {
    const auto text = text_of(input);
    check_request(request_of(parts_of(text, 4)));
    check_tokens(text);
    require(!api::user_of_console_token(api::console_key({1}), text, TimePoint{}), "no token is made up");
}

}  // namespace muster::fuzz
