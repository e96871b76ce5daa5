#include "daemon/mqtt/broker_probe.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace muster::mqtt {

namespace {

using Clock = std::chrono::steady_clock;
using Fault = std::optional<std::string>;

// With TLS 1.3 a client has finished before the broker has seen its
// certificate; the broker's refusal follows within a round trip.
constexpr std::chrono::milliseconds kLateRefusal{500};

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Addresses = std::unique_ptr<addrinfo, Release<::freeaddrinfo>>;
using Context = std::unique_ptr<SSL_CTX, Release<::SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Release<::SSL_free>>;

class Socket {
public:
    explicit Socket(int descriptor) noexcept : descriptor_(descriptor) {}
    ~Socket() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

std::string system_text(int number) {
    return std::generic_category().message(number);
}

// False: not before the deadline.
bool wait_for(int descriptor, short events, Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waited{descriptor, events, 0};
    return left > 0 && ::poll(&waited, 1, static_cast<int>(left)) > 0;
}

Fault connect_to(const addrinfo& address, Clock::time_point deadline, Socket& connected) {
    Socket socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.descriptor() < 0) {
        return system_text(errno);
    }
    if (::connect(socket.descriptor(), address.ai_addr, address.ai_addrlen) != 0) {
        if (errno != EINPROGRESS) {
            return system_text(errno);
        }
        if (!wait_for(socket.descriptor(), POLLOUT, deadline)) {
            return "no answer";
        }
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
            return system_text(error);
        }
    }
    connected = std::move(socket);
    return std::nullopt;
}

// The first address that answers, or what the last one said.
std::optional<PathFault> connect_to(const BrokerUrl& url, Clock::time_point deadline, Socket& connected) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int code = ::getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &found);
        code != 0) {
        return PathFault{PathStage::name,
                         code == EAI_SYSTEM ? system_text(errno) : std::string(::gai_strerror(code))};
    }
    const Addresses addresses(found);
    Fault fault;
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        fault = connect_to(*each, deadline, connected);
        if (!fault) {
            return std::nullopt;
        }
    }
    return PathFault{PathStage::connection, fault.value_or("it has no address")};
}

// The oldest entry of OpenSSL's queue, "certificate verify failed".
std::string library_text() {
    const unsigned long code = ERR_get_error();
    const char* text = ERR_reason_error_string(code);
    ERR_clear_error();
    return text != nullptr ? text : "for a reason that OpenSSL does not give";
}

Fault load_files(SSL_CTX& context, const TlsOptions& tls) {
    const int trusted = tls.ca_file.empty()
                            ? SSL_CTX_set_default_verify_paths(&context)
                            : SSL_CTX_load_verify_locations(&context, tls.ca_file.c_str(), nullptr);
    if (trusted != 1) {
        return "TLS: " + tls.ca_file + " cannot be used: " + library_text();
    }
    if (tls.certificate_file.empty()) {
        return std::nullopt;
    }
    if (SSL_CTX_use_certificate_chain_file(&context, tls.certificate_file.c_str()) != 1) {
        return "TLS: " + tls.certificate_file + " cannot be used: " + library_text();
    }
    const std::string& key = tls.key_file.empty() ? tls.certificate_file : tls.key_file;
    if (SSL_CTX_use_PrivateKey_file(&context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        return "TLS: " + key + " cannot be used: " + library_text();
    }
    return std::nullopt;
}

void expect_host(SSL& session, const std::string& host) {
    in6_addr address{};
    if (::inet_pton(AF_INET, host.c_str(), &address) == 1) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(&session), host.c_str());
        return;
    }
    SSL_set1_host(&session, host.c_str());
    // SSL_set_tlsext_host_name, which is a macro with a cast of its own.
    std::string name = host;
    SSL_ctrl(&session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

Fault handshake_fault(SSL& session, const std::string& host, int error) {
    const long verdict = SSL_get_verify_result(&session);
    if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
        return "TLS: the broker's certificate is not for \"" + host + "\"";
    }
    if (verdict != X509_V_OK) {
        return std::string("TLS: the broker's certificate was refused: ") +
               X509_verify_cert_error_string(verdict);
    }
    if (error == SSL_ERROR_SSL) {
        return "TLS: " + library_text();
    }
    return std::string("TLS: the broker closed the connection");
}

// Goes on until `step` is through. nullopt: it is, or the deadline has passed.
template <class Step>
Fault drive(SSL& session, const std::string& host, Clock::time_point deadline, Step step) {
    while (true) {
        ERR_clear_error();
        const int result = step();
        const int error = SSL_get_error(&session, result);
        if (result > 0) {
            return std::nullopt;
        }
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
            return handshake_fault(session, host, error);
        }
        const short events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
        if (!wait_for(SSL_get_fd(&session), events, deadline)) {
            return std::nullopt;
        }
    }
}

Fault shake_hands(const Socket& socket, const BrokerUrl& url, const TlsOptions& tls,
                  Clock::time_point deadline) {
    const Context context(SSL_CTX_new(TLS_client_method()));
    if (!context) {
        return "TLS: " + library_text();
    }
    if (auto fault = load_files(*context, tls)) {
        return fault;
    }
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    const Session session(SSL_new(context.get()));
    if (!session || SSL_set_fd(session.get(), socket.descriptor()) != 1) {
        return "TLS: " + library_text();
    }
    expect_host(*session, url.host);
    if (auto fault = drive(*session, url.host, deadline, [&] { return SSL_connect(session.get()); })) {
        return fault;
    }
    if (SSL_is_init_finished(session.get()) == 0) {
        return std::string("TLS: no answer");
    }
    char byte = 0;
    return drive(*session, url.host, std::min(deadline, Clock::now() + kLateRefusal),
                 [&] { return SSL_read(session.get(), &byte, 1); });
}

}  // namespace

std::optional<PathFault> probe_broker(const BrokerUrl& url, const TlsOptions& tls,
                                      std::chrono::milliseconds limit) {
    const auto deadline = Clock::now() + limit;
    Socket socket(-1);
    if (auto fault = connect_to(url, deadline, socket)) {
        return fault;
    }
    if (auto fault = url.tls ? shake_hands(socket, url, tls, deadline) : std::nullopt) {
        return PathFault{PathStage::tls, std::move(*fault)};
    }
    return std::nullopt;
}

}  // namespace muster::mqtt
