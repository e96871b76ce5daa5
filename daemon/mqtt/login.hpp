// Who a client is to the broker, and whom it trusts.
//
// Threads: plain values.
#pragma once

#include <string>

namespace muster::mqtt {

struct TlsOptions {
    std::string ca_file;           // PEM trust store; empty: the system's
    std::string certificate_file;  // client certificate and chain, PEM; empty: none
    std::string key_file;          // PEM; empty: the certificate file holds the key too

    friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

// The files are read anew for each connection.
struct Login {
    std::string user;  // empty: anonymous
    std::string password;
    TlsOptions tls;

    friend bool operator==(const Login&, const Login&) = default;
};

}  // namespace muster::mqtt
