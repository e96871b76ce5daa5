#include "daemon/http/connection.hpp"

#include "daemon/http/connection_events.hpp"
#include "daemon/http/connection_request.hpp"
#include "daemon/http/connection_writer.hpp"
#include "daemon/http/replies.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <array>
#include <utility>

namespace muster::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
namespace json = boost::json;
using asio::awaitable;
using boost::system::error_code;
using Parser = bhttp::request_parser<bhttp::string_body>;

TimePoint system_now() {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Response queue_is_full() {
    return try_again("the queue is full: try again in a moment");
}

// What the gateway says to a call; unavailable when it says nothing in time, nullopt when it has
// no room for the call now.
awaitable<std::optional<Result<json::object>>> ask_gateway(const Shared& shared, api::Call call,
                                                           std::size_t bytes, std::chrono::seconds patience) {
    struct Waiting {
        explicit Waiting(const asio::any_io_executor& executor) : timer(executor) {}
        asio::steady_timer timer;
        std::optional<Result<json::object>> result;
    };
    const auto executor = co_await asio::this_coro::executor;
    const auto waiting = std::make_shared<Waiting>(executor);
    waiting->timer.expires_after(patience);
    const bool taken = shared.ask(std::move(call), bytes, [waiting, executor](Result<json::object> result) {
        asio::post(executor, [waiting, result = std::move(result)]() mutable {
            waiting->result = std::move(result);
            waiting->timer.cancel();
        });
    });
    if (!taken) {
        co_return std::nullopt;
    }
    co_await waiting->timer.async_wait(kUseTuple);
    if (!waiting->result) {
        co_return make_error(ErrorCode::unavailable,
                             "the gateway has not answered yet: see what became of it before trying again");
    }
    co_return std::move(*waiting->result);
}

template <class Stream>
class Connection {
public:
    Connection(Stream& stream, Shared& shared)
        : stream_(stream), shared_(shared), writer_(stream, shared.front.options().tls) {
        error_code ignored;
        auto address = transport().socket().local_endpoint(ignored).address();
        if (address.is_v6() && address.to_v6().is_v4_mapped()) {  // by IPv4 to a socket of both
            address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
        }
        local_address_ = address.to_string();
    }

    awaitable<void> run() {
        bool more = true;
        while (more) {
            more = co_await serve_one();
        }
        if (unread_) {
            co_await discard();
        }
    }

private:
    beast::tcp_stream& transport() { return beast::get_lowest_layer(stream_); }

    // Whether another request may follow.
    awaitable<bool> serve_one() {
        Parser parser;
        parser.header_limit(kHeadBytes);
        parser.body_limit(limits::kRequestBytes);
        transport().expires_after(kHeadPatience);
        const auto place = shared_.silent.insert(shared_.silent.end(), &transport().socket());
        const auto [error, read] = co_await bhttp::async_read_header(stream_, buffer_, parser, kUseTuple);
        shared_.silent.erase(place);
        if (error) {
            co_return co_await complain(error);
        }
        auto request = request_of(parser.get());
        writer_.answers(request.method == Method::head, parser.get().keep_alive());
        is_old_ = parser.get().version() < 11;
        if (request.headers.contains("transfer-encoding") && !parser.chunked()) {
            co_return co_await complain(
                bhttp::error::bad_transfer_encoding);  // nobody knows where its body ends
        }
        auto admitted = shared_.front.admit(request, local_address_);
        if (auto* refusal = std::get_if<Response>(&admitted)) {
            unread_ = !parser.is_done();
            if (unread_) {
                writer_.close_after_answer();  // the body would be in the way
            }
            co_return co_await writer_.write(std::move(*refusal));
        }
        auto& known = std::get<Admitted>(admitted);
        parser.body_limit(known.body_bytes);  // of what comes in chunks; a length is known already
        if (parser.content_length().value_or(0) > known.body_bytes) {
            co_return co_await complain(bhttp::error::body_limit);
        }
        const auto failed = co_await read_body(parser, request);
        if (failed) {
            co_return co_await complain(failed);
        }
        request.body = std::move(parser.get().body());
        co_return co_await carry_out(shared_.front.decide(std::move(known), request, system_now()));
    }

    awaitable<error_code> read_body(Parser& parser, const Request& request) {
        if (parser.is_done()) {
            co_return error_code{};
        }
        const auto* expect = request.header("expect");
        if (expect != nullptr && beast::iequals(*expect, "100-continue")) {
            bhttp::response<bhttp::empty_body> go_on{bhttp::status::continue_, 11};
            const auto [error, written] = co_await bhttp::async_write(stream_, go_on, kUseTuple);
            if (error) {
                co_return error;
            }
        }
        transport().expires_after(kBodyPatience);
        const auto [error, read] = co_await bhttp::async_read(stream_, buffer_, parser, kUseTuple);
        co_return error;
    }

    // Of what cannot be read: who is still there is told.
    awaitable<bool> complain(error_code error) {
        writer_.close_after_answer();
        unread_ = error != bhttp::error::end_of_stream;
        if (error == bhttp::error::header_limit) {
            co_return co_await writer_.write(error_reply(
                431, "too_large",
                make_error(ErrorCode::too_large, "the head of the request has more than 16 KiB")));
        }
        if (error == bhttp::error::body_limit) {
            co_return co_await writer_.write(error_reply(
                make_error(ErrorCode::too_large, "the body has more bytes than may be sent here; at most " +
                                                     std::to_string(limits::kRequestBytes))));
        }
        if (error == beast::error::timeout && buffer_.size() > 0) {
            co_return co_await writer_.write(error_reply(
                408, "timeout", make_error(ErrorCode::unavailable, "the request did not come in time")));
        }
        if (error.category() == bhttp::make_error_code(bhttp::error::bad_method).category() &&
            error != bhttp::error::end_of_stream && error != bhttp::error::partial_message) {
            co_return co_await writer_.write(
                error_reply(make_error(ErrorCode::invalid, "this is no HTTP request: " + error.message())));
        }
        co_return false;
    }

    // Closed with bytes unread, the connection would be reset, and the answer lost on its way.
    awaitable<void> discard() {
        error_code ignored;
        transport().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        transport().expires_after(kDiscardPatience);
        std::array<char, 16 * 1024> bytes{};
        for (std::size_t total = 0; total < kDiscardBytes;) {
            const auto [error, read] = co_await transport().async_read_some(asio::buffer(bytes), kUseTuple);
            if (error) {
                co_return;
            }
            total += read;
        }
    }

    awaitable<bool> carry_out(Action action) {
        if (auto* response = std::get_if<Response>(&action)) {
            co_return co_await writer_.write(std::move(*response));
        }
        if (auto* ask = std::get_if<Ask>(&action)) {
            const auto patience = ask->route->special == Special::ready ? kReadyPatience : kAnswerPatience;
            // The call goes, the rest of what was asked is needed for the answer.
            auto call = std::move(ask->call);
            const auto result = co_await ask_gateway(shared_, std::move(call), ask->bytes, patience);
            if (!result) {
                co_return co_await writer_.write(queue_is_full());
            }
            co_return co_await writer_.write(shared_.front.answer(*ask, *result));
        }
        if (is_old_) {
            co_return co_await refuse_old();
        }
        if (auto* csv = std::get_if<CsvStream>(&action)) {
            co_return co_await stream_csv(std::move(*csv));
        }
        co_await stream_events(std::get<EventStream>(std::move(action)));
        co_return false;
    }

    // Page by page: what is held is one page, however long the whole is, and how
    // fast it goes is up to the reader.
    awaitable<bool> stream_csv(CsvStream csv) {
        csv.call.body["limit"] = limits::kPageMost;
        auto asked = co_await ask_gateway(shared_, csv.call, 1'024, kAnswerPatience);
        if (!asked || !*asked) {
            co_return co_await writer_.write(asked ? error_reply(asked->error()) : queue_is_full());
        }
        auto page = std::move(**asked);
        Response response{200,
                          {{"Content-Type", "text/csv; charset=utf-8; header=present"},
                           {"Content-Disposition", "attachment; filename=\"" + csv.file_name + '"'}},
                          {}};
        bool reads_on = co_await writer_.begin_stream(std::move(response));
        for (;;) {
            if (reads_on) {
                reads_on = co_await writer_.write_piece(std::string_view(page.at("csv").as_string()));
            }
            if (!reads_on) {
                co_return false;
            }
            if (page.at("next").is_null()) {
                co_return co_await writer_.end_stream();
            }
            csv.call.body["cursor"] = page.at("next");
            asked = co_await ask_gateway(shared_, csv.call, 1'024, kAnswerPatience);
            if (!asked || !*asked) {
                co_return false;  // without the last chunk: the reader sees that it is not whole
            }
            page = std::move(**asked);
        }
    }

    awaitable<bool> refuse_old() {
        writer_.close_after_answer();
        co_return co_await writer_.write(
            error_reply(505, "invalid", make_error(ErrorCode::invalid, "a stream needs HTTP/1.1")));
    }

    awaitable<void> stream_events(EventStream stream) {
        writer_.close_after_answer();
        if (shared_.following >= shared_.most_followers) {
            co_await writer_.write(error_reply(
                429, "too_many", make_error(ErrorCode::unavailable, "too many follow the events already")));
            co_return;
        }
        co_await follow_events(writer_, shared_, stream);
    }

    Stream& stream_;
    Shared& shared_;
    ConnectionWriter<Stream> writer_;
    beast::flat_buffer buffer_{2 * kHeadBytes + kPieceBytes};
    std::string local_address_;
    bool is_old_ = false;  // HTTP/1.0
    bool unread_ = false;  // there is more to come of what was refused
};

template <class Stream>
awaitable<void> serve(Stream& stream, Shared& shared) {
    Connection<Stream> connection(stream, shared);
    co_await connection.run();
}

}  // namespace

awaitable<void> serve_connection(asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared,
                                 std::shared_ptr<asio::ssl::context> tls) {
    if (tls == nullptr) {
        beast::tcp_stream stream(std::move(socket));
        co_await serve(stream, *shared);
        error_code ignored;
        stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        co_return;
    }
    beast::ssl_stream<beast::tcp_stream> stream(std::move(socket), *tls);
    beast::get_lowest_layer(stream).expires_after(kHeadPatience);
    const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, kUseTuple);
    if (!error) {
        co_await serve(stream, *shared);
        beast::get_lowest_layer(stream).expires_after(kHeadPatience);
        co_await stream.async_shutdown(kUseTuple);
    }
}

awaitable<void> turn_away(asio::ip::tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    stream.expires_after(kHeadPatience);
    auto response = try_again("there are too many connections; http.connections bounds them");
    add_common_headers(response, false);
    bhttp::response<bhttp::string_body> message{bhttp::status::service_unavailable, 11};
    for (const auto& [name, value] : response.headers) {
        message.set(name, value);
    }
    message.body() = response.body;
    message.keep_alive(false);
    message.prepare_payload();
    co_await bhttp::async_write(stream, message, kUseTuple);
}

}  // namespace muster::http
