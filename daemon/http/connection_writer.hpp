// Writes the responses of one connection: whole ones, and streams whose length
// nobody knows yet.
//
// Threads: the io_context's.
#pragma once

#include "daemon/http/connection.hpp"
#include "daemon/http/replies.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/write.hpp>

#include <string_view>

namespace muster::http {

inline constexpr auto kUseTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

template <class Stream>
class ConnectionWriter {
public:
    ConnectionWriter(Stream& stream, bool tls) : stream_(stream), tls_(tls) {}

    // Of the request that is answered next. `keep_alive`: whether another may follow it.
    void answers(bool is_head, bool keep_alive) {
        is_head_ = is_head;
        keep_alive_ = keep_alive;
    }
    void close_after_answer() { keep_alive_ = false; }
    // Nothing is written for a while, and that is no fault of the other side.
    void rest() { transport().expires_never(); }

    // write() and end_stream() answer whether another request may follow, the others
    // whether the other side reads on.
    boost::asio::awaitable<bool> write(Response response);
    boost::asio::awaitable<bool> begin_stream(Response response);
    boost::asio::awaitable<bool> write_piece(std::string_view piece);
    boost::asio::awaitable<bool> end_stream();

private:
    using Message = boost::beast::http::response<boost::beast::http::span_body<const char>>;

    boost::beast::tcp_stream& transport() { return boost::beast::get_lowest_layer(stream_); }
    Message head_of(Response& response) const;
    boost::asio::awaitable<bool> write_head(Message& message);

    Stream& stream_;
    const bool tls_;
    bool is_head_ = false;
    bool keep_alive_ = false;
};

template <class Stream>
typename ConnectionWriter<Stream>::Message ConnectionWriter<Stream>::head_of(Response& response) const {
    add_common_headers(response, tls_);
    Message message;
    message.version(11);
    message.result(response.status);
    message.keep_alive(keep_alive_);
    for (const auto& [name, value] : response.headers) {
        message.set(name, value);
    }
    return message;
}

template <class Stream>
boost::asio::awaitable<bool> ConnectionWriter<Stream>::write_head(Message& message) {
    transport().expires_after(kWritePatience);
    boost::beast::http::response_serializer<boost::beast::http::span_body<const char>> serializer(message);
    const auto [error, written] =
        co_await boost::beast::http::async_write_header(stream_, serializer, kUseTuple);
    co_return !error;
}

template <class Stream>
boost::asio::awaitable<bool> ConnectionWriter<Stream>::write(Response response) {
    auto message = head_of(response);
    auto bytes = response.bytes();
    if (response.status != 204 && response.status != 304) {
        message.content_length(bytes.size());
    }
    if (!co_await write_head(message)) {
        co_return false;
    }
    if (is_head_) {
        bytes = {};
    }
    // As fast as the other side takes it, so long as it takes some.
    while (!bytes.empty()) {
        const auto slice = bytes.substr(0, kPieceBytes);
        transport().expires_after(kWritePatience);
        const auto [error, written] = co_await boost::asio::async_write(
            stream_, boost::asio::buffer(slice.data(), slice.size()), kUseTuple);
        if (error) {
            co_return false;
        }
        bytes.remove_prefix(slice.size());
    }
    co_return keep_alive_;
}

template <class Stream>
boost::asio::awaitable<bool> ConnectionWriter<Stream>::begin_stream(Response response) {
    auto message = head_of(response);
    message.chunked(true);
    const bool reads_on = co_await write_head(message);
    co_return reads_on && !is_head_;
}

template <class Stream>
boost::asio::awaitable<bool> ConnectionWriter<Stream>::write_piece(std::string_view piece) {
    while (!piece.empty()) {
        const auto slice = piece.substr(0, kPieceBytes);
        transport().expires_after(kWritePatience);
        const auto [error, written] = co_await boost::asio::async_write(
            stream_, boost::beast::http::make_chunk(boost::asio::buffer(slice.data(), slice.size())),
            kUseTuple);
        if (error) {
            co_return false;
        }
        piece.remove_prefix(slice.size());
    }
    co_return true;
}

template <class Stream>
boost::asio::awaitable<bool> ConnectionWriter<Stream>::end_stream() {
    transport().expires_after(kWritePatience);
    const auto [error, written] =
        co_await boost::asio::async_write(stream_, boost::beast::http::make_chunk_last(), kUseTuple);
    co_return !error && keep_alive_;
}

}  // namespace muster::http
