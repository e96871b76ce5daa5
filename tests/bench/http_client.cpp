#include "tests/bench/http_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <array>
#include <limits>
#include <stdexcept>

namespace muster::bench {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

http::request<http::string_body> request_of(std::string_view method, const std::string& target,
                                            const std::string& token, const std::string& body) {
    http::request<http::string_body> request;
    request.method_string({method.data(), method.size()});
    request.target(target);
    request.version(11);
    request.set(http::field::host, "127.0.0.1");
    request.set(http::field::authorization, "Bearer " + token);
    if (!body.empty()) {
        request.set(http::field::content_type, "application/json");
        request.body() = body;
    }
    request.prepare_payload();
    return request;
}

}  // namespace

struct HttpClient::Connection {
    asio::io_context context;
    asio::ip::tcp::socket socket{context};
    beast::flat_buffer buffer;
};

HttpClient::HttpClient(const std::string& url, std::string token)
    : connection_(std::make_unique<Connection>()), token_(std::move(token)) {
    const auto colon = url.rfind(':');
    const auto port = static_cast<std::uint16_t>(std::stoul(url.substr(colon + 1)));
    auto& socket = connection_->socket;
    socket.connect({asio::ip::address_v4::loopback(), port});
    socket.set_option(asio::ip::tcp::no_delay(true));
}

HttpClient::~HttpClient() = default;

std::string HttpClient::ask(std::string_view method, const std::string& target, const std::string& body) {
    http::write(connection_->socket, request_of(method, target, token_, body));
    http::response_parser<http::string_body> response;
    response.body_limit(kNoLimit);
    http::read(connection_->socket, connection_->buffer, response);
    if (response.get().result_int() / 100 != 2) {
        throw std::runtime_error(fmt::format("{} {} is answered with {}: {}", method, target,
                                             response.get().result_int(), response.get().body()));
    }
    return std::move(response.get().body());
}

void HttpClient::download(const std::string& target, const std::function<void(std::string_view)>& take) {
    http::write(connection_->socket, request_of("GET", target, token_, {}));
    http::response_parser<http::buffer_body> response;
    response.body_limit(kNoLimit);
    http::read_header(connection_->socket, connection_->buffer, response);
    if (response.get().result_int() != 200) {
        throw std::runtime_error(fmt::format("{} is answered with {}", target, response.get().result_int()));
    }
    std::array<char, 65'536> part{};
    while (!response.is_done()) {
        auto& body = response.get().body();
        body.data = part.data();
        body.size = part.size();
        beast::error_code error;
        http::read(connection_->socket, connection_->buffer, response, error);
        if (error && error != http::error::need_buffer) {
            throw std::runtime_error(target + ": " + error.message());
        }
        take({part.data(), part.size() - body.size});
    }
}

}  // namespace muster::bench
