#include "daemon/mqtt/paho_link.hpp"
#include "tests/integration/link_recorder.hpp"
#include "tests/support/mosquitto.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

using namespace muster;
using namespace muster::test;
using mqtt::make_paho_link;

namespace {

// Two certificate authorities; the first has signed a server's certificate for
// "localhost" and a client's.
class Certificates {
public:
    Certificates() {
        std::string path = (std::filesystem::temp_directory_path() / "muster-certificates-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr) {
            throw std::runtime_error("mkdtemp");
        }
        directory_ = path;
        make("right", "-addext basicConstraints=critical,CA:TRUE");
        make("wrong", "-addext basicConstraints=critical,CA:TRUE");
        make("server", signed_by_right("-addext subjectAltName=DNS:localhost"));
        make("elsewhere", signed_by_right("-addext subjectAltName=DNS:broker.example"));
        make("client", signed_by_right(""));
        make("alone", "-addext subjectAltName=DNS:localhost");
        make("stranger", "-CA " + file("wrong.pem") + " -CAkey " + file("wrong.key"));
        make_expired_localhost();
    }
    ~Certificates() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    Certificates(const Certificates&) = delete;
    Certificates& operator=(const Certificates&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return (directory_ / name).string(); }

private:
    [[nodiscard]] std::string signed_by_right(const std::string& more) const {
        return "-CA " + file("right.pem") + " -CAkey " + file("right.key") + " " + more;
    }
    void make(const std::string& name, const std::string& more) const {
        openssl("req -x509 " + new_key(name) + " -days 2 -out " + file(name + ".pem") + " " + more);
    }
    // Good until yesterday.
    void make_expired_localhost() const {
        openssl("req " + new_key("localhost") + " -out " + file("expired.csr"));
        openssl("x509 -req -in " + file("expired.csr") + " -days -1 -out " + file("localhost.pem") + " " +
                signed_by_right(""));
    }
    [[nodiscard]] std::string new_key(const std::string& name) const {
        return "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" + name + " -keyout " +
               file(name + ".key");
    }
    void openssl(const std::string& arguments) const {
        const std::string command = "openssl " + arguments + " 2>" + file("log");
        if (std::system(command.c_str()) != 0) {
            throw std::runtime_error(command);
        }
    }

    std::filesystem::path directory_;
};

Mosquitto::Options tls_broker(const Certificates& certificates, const std::string& more = {},
                              const std::string& server = "server") {
    return {.persistence = false,
            .anonymous = true,
            .configuration = "cafile " + certificates.file("right.pem") + "\ncertfile " +
                             certificates.file(server + ".pem") + "\nkeyfile " +
                             certificates.file(server + ".key") + "\n" + more};
}

mqtt::LinkOptions tls_options(const std::string& host, const Mosquitto& broker, const std::string& ca_file) {
    auto options = link_options("mqtts://" + host + ":" + std::to_string(broker.port()), {{"a", 1}});
    options.tls.ca_file = ca_file;
    return options;
}

}  // namespace

TEST_CASE("TLS: the right authority and host name are accepted") {
    const Certificates certificates;
    const Mosquitto broker(tls_broker(certificates));
    LinkRecorder recorder;
    const auto link = make_paho_link(tls_options("localhost", broker, certificates.file("right.pem")));
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    CHECK(recorder.reasons() == std::vector<std::string>{});
    CHECK(recorder.last_connected().mqtt_version == 5);
    REQUIRE(link->publish(publication("a", "x")));
    REQUIRE(recorder.wait_messages(1));
    link->stop({});
}

namespace {

// The link cannot be had, and says so.
void check_refused(const mqtt::LinkOptions& options, std::string_view why) {
    LinkRecorder recorder;
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_disconnected());
    CHECK_FALSE(link->publish(publication("a", "x")));
    link->stop({});
    const auto reason = recorder.first_reason();
    CAPTURE(reason);
    CAPTURE(why);
    CHECK(contains(reason, options.brokers.front()));
    CHECK(contains(reason, why));
}

}  // namespace

TEST_CASE("Promise 5: TLS: a broker of another authority, or by another name, is refused, and why is said") {
    const Certificates certificates;
    const Mosquitto broker(tls_broker(certificates));
    const auto right = certificates.file("right.pem");
    check_refused(tls_options("localhost", broker, certificates.file("wrong.pem")),
                  "the broker's certificate was refused: self-signed certificate in certificate chain");
    // Without a file: the system's authorities.
    check_refused(tls_options("localhost", broker, {}),
                  "the broker's certificate was refused: self-signed certificate in certificate chain");
    check_refused(tls_options("127.0.0.1", broker, right),
                  "the broker's certificate is not for \"127.0.0.1\"");
    const Mosquitto elsewhere(tls_broker(certificates, {}, "elsewhere"));
    check_refused(tls_options("localhost", elsewhere, right),
                  "the broker's certificate is not for \"localhost\"");
}

TEST_CASE(
    "Promise 5: TLS: a broker with an expired or a self-signed certificate is refused, and why is said") {
    const Certificates certificates;
    const auto right = certificates.file("right.pem");
    const Mosquitto expired(tls_broker(certificates, {}, "localhost"));
    check_refused(tls_options("localhost", expired, right), "certificate has expired");
    const Mosquitto alone(tls_broker(certificates, {}, "alone"));
    check_refused(tls_options("localhost", alone, right), "self-signed certificate");
}

TEST_CASE("TLS: a broker that does not speak it is told from one that is not there") {
    const Certificates certificates;
    const Mosquitto plain;
    check_refused(tls_options("localhost", plain, certificates.file("right.pem")), ": TLS: ");
}

TEST_CASE("Promise 5: TLS: a broker that asks for a client certificate gets it, and refuses any other") {
    const Certificates certificates;
    const Mosquitto broker(tls_broker(certificates, "require_certificate true\n"));
    auto options = tls_options("localhost", broker, certificates.file("right.pem"));
    check_refused(options, "certificate required");
    const auto present = [&](const std::string& certificate, const std::string& key) {
        options.tls.certificate_file = certificates.file(certificate + ".pem");
        options.tls.key_file = certificates.file(key + ".key");
    };
    present("stranger", "stranger");
    check_refused(options, "unknown ca");
    present("localhost", "localhost");
    check_refused(options, "certificate expired");
    present("client", "stranger");
    check_refused(options, "key values mismatch");
    present("client", "client");
    LinkRecorder recorder;
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    CHECK(recorder.reasons() == std::vector<std::string>{});
    link->stop({});
}
