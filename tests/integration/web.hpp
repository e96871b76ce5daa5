// The HTTP API as a stranger uses it: through curl. Every answer is held against
// openapi.yaml as it comes.
//
// Threads: one.
#pragma once

#include "tests/support/contract.hpp"
#include "tests/support/gateway.hpp"

#include <boost/json/value.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

struct WebReply {
    int status = 0;                              // 0: no answer, `body` says why
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;

    [[nodiscard]] boost::json::value json() const;
};

struct WebRequest {
    std::string body{};                    // sent as JSON, unless empty
    std::vector<std::string> headers{};    // further ones, "If-Match: \"3\""
    std::vector<std::string> arguments{};  // further ones of curl
};

class Web {
public:
    // As an admin named "tester", by a token of console/open.
    explicit Web(Gateway& gateway);
    Web(std::string url, std::string token);

    // "/api/v1/jobs?limit=3". An answer of the API that breaks its contract fails the test.
    WebReply ask(const std::string& method, const std::string& path, const WebRequest& request = {});
    WebReply get(const std::string& path) { return ask("GET", path); }
    WebReply post(const std::string& path, const boost::json::value& body);
    // The JSON of a GET; throws unless it is 200.
    boost::json::value read(const std::string& path);

    // A stream of events that goes on until it is destroyed; output() is what came.
    [[nodiscard]] Process follow(const TempDir& files, const std::string& name,
                                 const std::vector<std::string>& headers = {}) const;

    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] const std::string& token() const { return token_; }
    // Operations of the contract that were asked for and not refused.
    [[nodiscard]] const std::set<std::string>& succeeded() const { return succeeded_; }
    [[nodiscard]] const Contract& contract() const { return contract_; }

private:
    void check(const std::string& method, const std::string& path, const WebReply& reply);

    Contract contract_;
    std::string url_;
    std::string token_;
    std::set<std::string> succeeded_;
};

}  // namespace muster::test
