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
        make("client", signed_by_right(""));
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
        const std::string command =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" +
            name + " -keyout " + file(name + ".key") + " -out " + file(name + ".pem") + " " + more + " 2>" +
            file("log");
        if (std::system(command.c_str()) != 0) {
            throw std::runtime_error(command);
        }
    }

    std::filesystem::path directory_;
};

Mosquitto::Options tls_broker(const Certificates& certificates, const std::string& more = {}) {
    return {.persistence = false,
            .anonymous = true,
            .configuration = "cafile " + certificates.file("right.pem") + "\ncertfile " +
                             certificates.file("server.pem") + "\nkeyfile " +
                             certificates.file("server.key") + "\n" + more};
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

TEST_CASE("TLS: a broker of another authority, or by another name, is refused") {
    const Certificates certificates;
    const Mosquitto broker(tls_broker(certificates));
    const auto refused = {tls_options("localhost", broker, certificates.file("wrong.pem")),
                          tls_options("localhost", broker, {}),  // the system's authorities
                          tls_options("127.0.0.1", broker, certificates.file("right.pem"))};
    for (const auto& options : refused) {
        CAPTURE(options.brokers.front());
        LinkRecorder recorder;
        const auto link = make_paho_link(options);
        REQUIRE(link->start(recorder).has_value());
        REQUIRE(recorder.wait_disconnected(2));
        CHECK(contains(recorder.first_reason(), options.brokers.front()));
        CHECK(contains(recorder.first_reason(), "TLS failed"));
        CHECK_FALSE(link->publish(publication("a", "x")));
        link->stop({});
    }
}

TEST_CASE("TLS: a broker that asks for a client certificate gets it") {
    const Certificates certificates;
    const Mosquitto broker(tls_broker(certificates, "require_certificate true\n"));
    auto options = tls_options("localhost", broker, certificates.file("right.pem"));
    {
        LinkRecorder recorder;
        const auto link = make_paho_link(options);
        REQUIRE(link->start(recorder).has_value());
        REQUIRE(recorder.wait_disconnected());
        link->stop({});
    }
    options.tls.certificate_file = certificates.file("client.pem");
    options.tls.key_file = certificates.file("client.key");
    LinkRecorder recorder;
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    CHECK(recorder.reasons() == std::vector<std::string>{});
    link->stop({});
}
