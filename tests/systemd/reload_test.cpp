// What a reload changes in a running musterd, and that what is broken changes
// nothing; credentials of systemd in the place of files.
#include "tests/integration/fleet.hpp"
#include "tests/support/files.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace muster::test {
namespace {

// Beside the daemon: a certificate for "localhost" with that common name, and its key.
void make_certificate(const TempDir& files, const std::string& name, const std::string& common_name) {
    const auto made =
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=" + common_name, "-keyout", (files / (name + ".key")).string(),
             "-out", (files / (name + ".pem")).string()});
    REQUIRE_MESSAGE(made.exit_code == 0, made.errors);
}

void put_in_place(const TempDir& files, const std::string& name) {
    for (const auto* const kind : {".pem", ".key"}) {
        std::filesystem::copy_file(files / (name + kind), files / (std::string("http") + kind),
                                   std::filesystem::copy_options::overwrite_existing);
    }
}

bool has_logged(const Process& daemon, std::string_view words) {
    return eventually([&] { return daemon.output().find(words) != std::string::npos; });
}

std::size_t times_logged(const Process& daemon, std::string_view words) {
    std::size_t times = 0;
    const auto output = daemon.output();
    for (auto at = output.find(words); at != std::string::npos; at = output.find(words, at + 1)) {
        ++times;
    }
    return times;
}

// "127.0.0.1:4711" of the line that says where HTTP listens.
std::string http_address(const Process& daemon) {
    const auto output = daemon.output();
    const auto begin = output.find("https://") + 8;
    return output.substr(begin, output.find_first_of("\" \n", begin) - begin);
}

// "subject=CN = first" of what is served to a new connection.
std::string served(const Process& daemon) {
    return run({"sh", "-c",
                "openssl s_client -connect " + http_address(daemon) +
                    " </dev/null 2>/dev/null | openssl x509 -noout -subject"})
        .output;
}

void reload(Gateway& gateway, std::string_view outcome) {
    const auto before = times_logged(gateway.daemon(), outcome);
    gateway.daemon().signal(SIGHUP);
    REQUIRE_MESSAGE(eventually([&] { return times_logged(gateway.daemon(), outcome) > before; }),
                    gateway.daemon().output());
}

}  // namespace

TEST_CASE("a renewed certificate is served without a restart, a broken one is not") {
    const TempDir files;
    make_certificate(files, "first", "first");
    make_certificate(files, "second", "second");
    put_in_place(files, "first");
    Gateway gateway({.overrides = {"http.certificate_file=" + (files / "http.pem").string(),
                                   "http.key_file=" + (files / "http.key").string()}});
    auto& daemon = gateway.daemon();
    CHECK(served(daemon).find("first") != std::string::npos);
    put_in_place(files, "second");
    CHECK(served(daemon).find("first") != std::string::npos);  // not before it is told
    reload(gateway, "event=reloaded");
    CHECK(served(daemon).find("second") != std::string::npos);

    // A key of another certificate, then a file that is none: nothing changes, roles neither.
    const auto before = read_file(gateway.configuration());
    write_file(gateway.configuration(), before + "roles:\n  tester: none\n");
    std::filesystem::copy_file(files / "first.key", files / "http.key",
                               std::filesystem::copy_options::overwrite_existing);
    reload(gateway, "event=reload_refused");
    CHECK(daemon.output().find("cannot use the key " + (files / "http.key").string()) != std::string::npos);
    write_file(files / "http.pem", "no certificate\n");
    reload(gateway, "event=reload_refused");
    CHECK(served(daemon).find("second") != std::string::npos);
    CHECK(member(gateway.ask("set/list"), "/ok").as_bool());

    put_in_place(files, "first");
    reload(gateway, "event=reloaded");
    CHECK(served(daemon).find("first") != std::string::npos);
    CHECK(text(gateway.ask("set/list"), "/error/code") == "forbidden");
}

TEST_CASE("what needs a restart is named, and what changes whether TLS is spoken too") {
    const TempDir files;
    make_certificate(files, "http", "first");
    Gateway gateway;
    write_file(gateway.configuration(),
               read_file(gateway.configuration()) + "broker:\n  window: 7\n");  // a key twice: refused
    reload(gateway, "event=reload_refused");
    auto text = read_file(gateway.configuration());
    text.replace(text.find("broker:\n"), 8, "broker:\n  window: 7\n");
    text = text.substr(0, text.rfind("broker:\n"));
    text.replace(text.find("http:\n"), 6,
                 "http:\n  certificate_file: " + (files / "http.pem").string() +
                     "\n  key_file: " + (files / "http.key").string() + "\n");
    write_file(gateway.configuration(), text);
    reload(gateway, "event=reloaded");
    CHECK(has_logged(gateway.daemon(), "event=reload_needs_restart name=\"broker.window\""));
    CHECK(has_logged(gateway.daemon(), "event=reload_needs_restart name=\"http.certificate_file\""));
}

TEST_CASE("a new password of the broker is used from the next connection on") {
    const TempDir files;
    const auto passwords = (files / "passwords").string();
    REQUIRE(run({"mosquitto_passwd", "-b", "-c", passwords, "muster", "right"}).exit_code == 0);
    const Mosquitto broker(
        {.persistence = false, .anonymous = false, .configuration = "password_file " + passwords});
    write_file(files / "user", "muster\n");
    write_file(files / "password", "wrong\n");
    Process daemon({program("musterd"), "--set", "broker.urls=" + broker.url(), "--set",
                    "broker.user_file=" + (files / "user").string(), "--set",
                    "broker.password_file=" + (files / "password").string(), "--set",
                    "broker.reconnect_most_milliseconds=500", "--set",
                    "store.path=" + (files / "muster.db").string(), "--set", "http.listen="},
                   files / "log");
    REQUIRE(has_logged(daemon, "refused the connection: Not authorized"));
    write_file(files / "password", "");
    daemon.signal(SIGHUP);
    REQUIRE(has_logged(daemon, "does not hold a password"));
    write_file(files / "password", "right\n");
    daemon.signal(SIGHUP);
    CHECK(has_logged(daemon, "event=broker_login_changed"));
    CHECK(has_logged(daemon, "event=broker_connected"));
}

TEST_CASE("a credential of systemd stands for a file, and one that is missing is an error") {
    const TempDir files;
    write_file(files / "broker.password", "secret\n");
    const auto check = [&](const std::string& directory, const std::string& name) {
        return run({"env", "CREDENTIALS_DIRECTORY=" + directory, program("musterd"), "--check-config",
                    "--set", "broker.user=muster", "--set", "broker.password_file=credential:" + name,
                    "--set", "store.path=" + (files / "muster.db").string()});
    };
    CHECK(check(files.path().string(), "broker.password").exit_code == 0);
    const auto missing = check(files.path().string(), "other");
    CHECK(missing.exit_code == 1);
    CHECK(missing.errors.find("LoadCredential=other:") != std::string::npos);
    CHECK(check("", "broker.password").exit_code == 1);
    CHECK(check(files.path().string(), "../password").exit_code == 1);
}

TEST_CASE("--check-config looks at the files that are named") {
    const TempDir files;
    const auto check = [&](const std::string& key, const std::string& other) {
        return run({program("musterd"), "--check-config", "--set", "broker.user=muster", "--set",
                    key + "=" + (files / "none").string(), "--set", other, "--set",
                    "store.path=" + (files / "muster.db").string()});
    };
    for (const auto& finished :
         {check("broker.password_file", "broker.window=300"),
          check("broker.ca_file", "broker.urls=mqtts://localhost"),
          check("http.certificate_file", "http.key_file=" + (files / "none.key").string())}) {
        CHECK(finished.exit_code == 1);
        CHECK_MESSAGE(finished.errors.find((files / "none").string()) != std::string::npos, finished.errors);
    }
}

TEST_CASE("the topic root of the configuration is the one that is spoken") {
    const Mosquitto broker;
    const TempDir files;
    const Observer status(broker.url(), "site/a/gateway/status");
    Process daemon(
        {program("musterd"), "--set", "broker.urls=" + broker.url(), "--set", "protocol.root=site/a", "--set",
         "store.path=" + (files / "muster.db").string(), "--set", "http.listen="},
        files / "log");
    CHECK(eventually([&] {
        const auto messages = status.messages();
        return !messages.empty() && messages.back().payload.find("\"online\"") != std::string::npos;
    }));
}

}  // namespace muster::test
