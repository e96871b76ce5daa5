#include "device-sim/mosquitto_session.hpp"

#include <boost/asio/post.hpp>
#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <algorithm>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

namespace muster::sim {
namespace {

constexpr int kKeepAliveSeconds = 60;
constexpr int kReceiveWindow = 65'535;
// Packets read before the loop looks after other connections.
constexpr int kReadsAtOnce = 64;
constexpr int kSubscribeQos = 1;
constexpr int kFirstRefusalCode = 0x80;
// Where Debian keeps the authorities that the system trusts.
constexpr const char* kSystemAuthorities = "/etc/ssl/certs";

// Without the full stop that some of the library's sentences have.
std::string reason_of(int result) {
    std::string reason = result == MOSQ_ERR_ERRNO ? std::strerror(errno) : mosquitto_strerror(result);
    if (reason.ends_with('.')) {
        reason.pop_back();
    }
    return reason;
}

// "keys/{id}.pem" of "fridge-1" is "keys/fridge-1.pem".
std::string for_device(std::string path, const std::string& device) {
    constexpr std::string_view kPlace = "{id}";
    if (const auto at = path.find(kPlace); at != std::string::npos) {
        path.replace(at, kPlace.size(), device);
    }
    return path;
}

const char* or_null(const std::string& text) {
    return text.empty() ? nullptr : text.c_str();
}

// Held back while a batch is written, so that a hundred acks are a few
// segments and not a hundred.
class Corked {
public:
    explicit Corked(int socket) noexcept : socket_(socket) { set(1); }
    ~Corked() { set(0); }
    Corked(const Corked&) = delete;
    Corked& operator=(const Corked&) = delete;

private:
    void set(int on) const noexcept { ::setsockopt(socket_, IPPROTO_TCP, TCP_CORK, &on, sizeof on); }
    int socket_;
};

// A broker without set_tcp_nodelay holds its next message back until what it
// sent before is acknowledged, which the kernel delays by 40 ms when there is
// nothing to write.
void acknowledge_at_once(int socket) noexcept {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

}  // namespace

// What libmosquitto calls, from within loop_read and loop_write.
struct MosquittoSession::Callbacks {
    static MosquittoSession& session(void* object) {
        auto& session = *static_cast<MosquittoSession*>(object);
        ++session.callbacks_;
        return session;
    }

    static void connected(mosquitto*, void* object, int code, int, const mosquitto_property*) {
        MosquittoSession& self = session(object);
        if (code == 0) {
            self.handler_.on_connected();
            return;
        }
        self.refusal_ = self.broker_.version == MqttVersion::v5 ? mosquitto_reason_string(code)
                                                                : mosquitto_connack_string(code);
    }

    // The broker's own DISCONNECT (MQTT 5); the library closes the socket and reports success.
    static void disconnected(mosquitto*, void* object, int code, const mosquitto_property*) {
        MosquittoSession& self = session(object);
        if (code >= kFirstRefusalCode) {
            self.refusal_ = mosquitto_reason_string(code);
        }
    }

    // What OpenSSL said, which the library has as a line of its log alone:
    // "OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed".
    static void logged(mosquitto*, void* object, int level, const char* line) {
        MosquittoSession& self = session(object);
        const std::string_view text(line);
        if (level == MOSQ_LOG_ERR && self.broker_.tls) {
            self.refusal_ = "TLS: " + std::string(text.substr(text.rfind(':') + 1));
        }
    }

    static void subscribed(mosquitto*, void* object, int, int count, const int* granted,
                           const mosquitto_property*) {
        const auto refused =
            std::count_if(granted, granted + count, [](int qos) { return qos >= kFirstRefusalCode; });
        session(object).handler_.on_subscribed(static_cast<std::size_t>(refused));
    }

    static void published(mosquitto*, void* object, int id, int code, const mosquitto_property*) {
        MosquittoSession& self = session(object);
        self.outstanding_ -= std::min<std::size_t>(self.outstanding_, 1);
        self.handler_.on_published(id, code >= kFirstRefusalCode ? mosquitto_reason_string(code) : "");
    }

    static void message(mosquitto*, void* object, const mosquitto_message* message,
                        const mosquitto_property*) {
        MosquittoSession& self = session(object);
        ++self.unwritten_;  // the library's own PUBACK
        const std::string_view payload(static_cast<const char*>(message->payload),
                                       static_cast<std::size_t>(message->payloadlen));
        self.handler_.on_message(message->topic, payload, message->retain);
    }
};

MosquittoLibrary::MosquittoLibrary() {
    mosquitto_lib_init();
}
MosquittoLibrary::~MosquittoLibrary() {
    mosquitto_lib_cleanup();
}

MosquittoSession::MosquittoSession(boost::asio::io_context& context, const Broker& broker, Identity identity,
                                   SessionHandler& handler)
    : context_(context),
      broker_(broker),
      identity_(std::move(identity)),
      handler_(handler),
      socket_(context) {}

MosquittoSession::~MosquittoSession() {
    tear_down(Ending::silent);
}

int MosquittoSession::configure() {
    mosquitto_connect_v5_callback_set(client_, &Callbacks::connected);
    mosquitto_disconnect_v5_callback_set(client_, &Callbacks::disconnected);
    mosquitto_subscribe_v5_callback_set(client_, &Callbacks::subscribed);
    mosquitto_publish_v5_callback_set(client_, &Callbacks::published);
    mosquitto_message_v5_callback_set(client_, &Callbacks::message);
    mosquitto_log_callback_set(client_, &Callbacks::logged);
    const int version = broker_.version == MqttVersion::v5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311;
    mosquitto_int_option(client_, MOSQ_OPT_PROTOCOL_VERSION, version);
    mosquitto_int_option(client_, MOSQ_OPT_RECEIVE_MAXIMUM, kReceiveWindow);
    mosquitto_int_option(client_, MOSQ_OPT_TCP_NODELAY, 1);
    // Packets then leave in loop_write alone, where they can be batched.
    mosquitto_threaded_set(client_, true);
    int result = MOSQ_ERR_SUCCESS;
    if (!identity_.user.empty()) {
        result = mosquitto_username_pw_set(client_, identity_.user.c_str(), identity_.password.c_str());
    }
    if (result == MOSQ_ERR_SUCCESS && !identity_.will_topic.empty()) {
        result = mosquitto_will_set(client_, identity_.will_topic.c_str(),
                                    static_cast<int>(identity_.will_payload.size()),
                                    identity_.will_payload.data(), 1, true);
    }
    return result == MOSQ_ERR_SUCCESS && broker_.tls ? configure_tls() : result;
}

int MosquittoSession::configure_tls() {
    const TlsFiles& files = broker_.files;
    const std::string certificate = for_device(files.certificate_file, identity_.device);
    const std::string key = for_device(files.key_file, identity_.device);
    return mosquitto_tls_set(client_, or_null(files.ca_file),
                             files.ca_file.empty() ? kSystemAuthorities : nullptr, or_null(certificate),
                             or_null(key), nullptr);
}

Result<void> MosquittoSession::open() {
    MUSTER_INVARIANT(!in_library_);
    tear_down(Ending::silent);
    client_ = mosquitto_new(identity_.client_id.empty() ? nullptr : identity_.client_id.c_str(), true, this);
    int result = client_ == nullptr ? MOSQ_ERR_NOMEM : configure();
    if (result == MOSQ_ERR_SUCCESS) {
        result = mosquitto_connect_async(client_, broker_.host.c_str(), broker_.port, kKeepAliveSeconds);
    }
    // A connect under way is -1 here.
    if (result > MOSQ_ERR_SUCCESS) {
        Error error = make_error(ErrorCode::unavailable, reason_of(result));
        tear_down(Ending::silent);
        return error;
    }
    socket_.assign(mosquitto_socket(client_));
    wait_readable();
    wait_writable();
    return {};
}

bool MosquittoSession::subscribe(const std::vector<std::string>& filters) {
    if (client_ == nullptr || filters.empty()) {
        return false;
    }
    std::vector<char*> pointers;
    pointers.reserve(filters.size());
    for (const std::string& filter : filters) {
        pointers.push_back(const_cast<char*>(filter.c_str()));  // the library only reads them
    }
    ++unwritten_;
    flush_soon();
    return mosquitto_subscribe_multiple(client_, nullptr, static_cast<int>(pointers.size()), pointers.data(),
                                        kSubscribeQos, 0, nullptr) == MOSQ_ERR_SUCCESS;
}

int MosquittoSession::publish(const std::string& topic, std::string_view payload, int qos, bool retain) {
    if (client_ == nullptr || outstanding_ >= kMostOutstanding) {
        return 0;
    }
    int id = 0;
    const int result = mosquitto_publish(client_, &id, topic.c_str(), static_cast<int>(payload.size()),
                                         payload.data(), qos, retain);
    if (result != MOSQ_ERR_SUCCESS) {
        return 0;
    }
    ++outstanding_;
    ++unwritten_;
    flush_soon();
    return id;
}

void MosquittoSession::keep_alive() {
    if (client_ == nullptr) {
        return;
    }
    in_library_ = true;
    const int result = mosquitto_loop_misc(client_);
    if (settle(result)) {
        flush();
    }
}

void MosquittoSession::wait_readable() {
    socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [this, connection = connection_](const boost::system::error_code& error) {
                           if (!error && connection == connection_) {
                               read();
                           }
                       });
}

void MosquittoSession::wait_writable() {
    if (waiting_writable_) {
        return;
    }
    waiting_writable_ = true;
    socket_.async_wait(boost::asio::posix::stream_descriptor::wait_write,
                       [this, connection = connection_](const boost::system::error_code& error) {
                           if (!error && connection == connection_) {
                               waiting_writable_ = false;
                               flush();
                           }
                       });
}

// loop_read takes about one packet a call; a call without a callback has found
// no whole packet, so there is nothing more to read now.
void MosquittoSession::read() {
    for (int reads = 0; reads < kReadsAtOnce; ++reads) {
        const std::size_t before = callbacks_;
        in_library_ = true;
        const int result = mosquitto_loop_read(client_, 1);
        if (!settle(result)) {
            return;
        }
        if (callbacks_ == before) {
            break;
        }
    }
    if (!mosquitto_want_write(client_)) {
        acknowledge_at_once(mosquitto_socket(client_));
    }
    flush();
    if (client_ != nullptr) {
        wait_readable();
    }
}

void MosquittoSession::flush() {
    flush_pending_ = false;
    if (client_ == nullptr || !mosquitto_want_write(client_)) {
        return;
    }
    int result = MOSQ_ERR_SUCCESS;
    in_library_ = true;
    if (unwritten_ > 1) {
        const Corked corked(mosquitto_socket(client_));
        result = mosquitto_loop_write(client_, 1);
    } else {
        result = mosquitto_loop_write(client_, 1);
    }
    unwritten_ = 0;
    if (settle(result) && mosquitto_want_write(client_)) {
        wait_writable();
    }
}

void MosquittoSession::flush_soon() {
    if (flush_pending_ || in_library_) {
        return;
    }
    flush_pending_ = true;
    boost::asio::post(context_, [this, connection = connection_] {
        if (connection == connection_) {
            flush();
        }
    });
}

void MosquittoSession::end(Ending ending) noexcept {
    if (in_library_) {
        ending_ = ending;
    } else {
        tear_down(ending);
    }
}

bool MosquittoSession::settle(int result) {
    in_library_ = false;
    if (ending_ != Ending::none) {
        tear_down(ending_);
        return false;
    }
    if (result == MOSQ_ERR_SUCCESS) {
        return true;
    }
    const std::string refusal = std::exchange(refusal_, {});
    const std::string reason = refusal.empty() ? reason_of(result) : refusal;
    tear_down(Ending::silent);
    handler_.on_lost(reason);
    return false;
}

void MosquittoSession::tear_down(Ending ending) noexcept {
    if (client_ == nullptr) {
        return;
    }
    if (ending == Ending::goodbye) {
        mosquitto_disconnect(client_);
    }
    // Before the library closes it: the loop must not watch a number that the
    // next connection may get.
    if (socket_.is_open()) {
        socket_.release();
    }
    if (ending == Ending::goodbye) {
        mosquitto_loop_write(client_, 1);
    }
    mosquitto_destroy(client_);
    client_ = nullptr;
    ++connection_;
    outstanding_ = 0;
    unwritten_ = 0;
    ending_ = Ending::none;
    flush_pending_ = false;
    waiting_writable_ = false;
}

}  // namespace muster::sim
