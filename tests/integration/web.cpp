#include "tests/integration/web.hpp"

#include "tests/support/files.hpp"
#include "tests/support/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace muster::test {
namespace {

namespace json = boost::json;

std::vector<std::string> split(std::string text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(std::move(text));
    for (std::string part; std::getline(stream, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

// Whether "/api/v1/jobs/42" is "/api/v1/jobs/{job}".
bool fits(const std::string& pattern, const std::string& path) {
    const auto wanted = split(pattern, '/');
    const auto given = split(path, '/');
    return std::ranges::equal(wanted, given, [](const std::string& part, const std::string& segment) {
        return part == segment || part.starts_with('{');
    });
}

// The most literal one that fits.
std::string operation_of(const Contract& contract, const std::string& method, const std::string& path) {
    std::string best;
    for (const auto& operation : contract.operations()) {
        const auto space = operation.find(' ');
        const bool same = operation.substr(0, space) == method && fits(operation.substr(space + 1), path);
        if (same && (best.empty() || std::ranges::count(operation, '{') < std::ranges::count(best, '{'))) {
            best = operation;
        }
    }
    return best;
}

// Of what curl -i prints, after any "100 Continue".
WebReply parse_reply(const std::string& text) {
    WebReply reply;
    std::size_t at = 0;
    for (;;) {
        const auto end = text.find("\r\n\r\n", at);
        if (end == std::string::npos) {
            return {0, {}, text};
        }
        std::istringstream head(text.substr(at, end - at));
        std::string version;
        head >> version >> reply.status;
        std::string line;
        std::getline(head, line);
        while (std::getline(head, line)) {
            const auto colon = line.find(": ");
            auto name = line.substr(0, colon);
            std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
            reply.headers[name] = line.substr(colon + 2, line.find('\r') - colon - 2);
        }
        at = end + 4;
        if (reply.status != 100) {
            reply.body = text.substr(at);
            return reply;
        }
    }
}

std::string contract_text() {
    return read_file(MUSTER_SOURCE_DIRECTORY "/daemon/api/openapi.yaml");
}

}  // namespace

json::value WebReply::json() const {
    return json::parse(body);
}

Web::Web(Gateway& gateway) : contract_(contract_text()) {
    const auto door = gateway.request("console/open");
    url_ = text(door, "/url");
    token_ = text(door, "/token");
}

Web::Web(std::string url, std::string token)
    : contract_(contract_text()), url_(std::move(url)), token_(std::move(token)) {}

WebReply Web::ask(const std::string& method, const std::string& path, const WebRequest& request) {
    std::vector<std::string> command{"curl", "-sS", "-i", "--max-time", "60", "-X", method};
    if (!token_.empty()) {
        command.insert(command.end(), {"-H", "Authorization: Bearer " + token_});
    }
    if (!request.body.empty()) {
        command.insert(command.end(),
                       {"-H", "Content-Type: application/json", "--data-binary", request.body});
    }
    for (const auto& header : request.headers) {
        command.insert(command.end(), {"-H", header});
    }
    command.insert(command.end(), request.arguments.begin(), request.arguments.end());
    command.push_back(url_ + path);
    const auto finished = run(command);
    auto reply = parse_reply(finished.output);
    if (reply.status == 0) {
        reply.body += finished.errors;
    } else {
        check(method, path, reply);
    }
    return reply;
}

void Web::check(const std::string& method, const std::string& path, const WebReply& reply) {
    const auto operation = operation_of(contract_, method, path.substr(0, path.find('?')));
    if (operation.empty()) {
        return;
    }
    const auto type = reply.headers.find("content-type");
    for (const auto& complaint : contract_.complaints(
             operation, reply.status, type == reply.headers.end() ? "" : type->second, reply.body)) {
        FAIL_CHECK(operation << " " << reply.status << ": " << complaint << "\n"
                             << reply.body.substr(0, 2000));
    }
    if (reply.status < 300) {
        succeeded_.insert(operation);
    }
}

WebReply Web::post(const std::string& path, const json::value& body) {
    return ask("POST", path, {.body = json::serialize(body)});
}

json::value Web::read(const std::string& path) {
    const auto reply = get(path);
    if (reply.status != 200) {
        throw std::runtime_error("GET " + path + " is answered with " + std::to_string(reply.status) + ": " +
                                 reply.body);
    }
    return reply.json();
}

Process Web::follow(const TempDir& files, const std::string& name,
                    const std::vector<std::string>& headers) const {
    std::vector<std::string> command{"curl", "-sSN", "-H", "Authorization: Bearer " + token_};
    for (const auto& header : headers) {
        command.insert(command.end(), {"-H", header});
    }
    command.push_back(url_ + "/api/v1/events");
    return {command, files / name};
}

}  // namespace muster::test
