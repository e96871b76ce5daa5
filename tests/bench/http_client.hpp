// A client of the HTTP API that keeps its connection.
//
// Failures throw std::runtime_error. Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace muster::bench {

class HttpClient {
public:
    // "http://127.0.0.1:4711", and a bearer token.
    HttpClient(const std::string& url, std::string token);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // The body of the answer; throws unless it is 2xx. `body`: JSON, sent unless it is empty.
    std::string ask(std::string_view method, const std::string& target, const std::string& body = {});
    // The same of a GET, handed over as it comes.
    void download(const std::string& target, const std::function<void(std::string_view)>& take);

private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
    std::string token_;
};

}  // namespace muster::bench
