// What HTTP refuses, and what it bounds.
#include "tests/integration/fleet.hpp"
#include "tests/integration/web.hpp"
#include "tests/support/files.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

namespace muster::test {
namespace {

namespace json = boost::json;

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::int64_t resident_kib(int process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) {
            return std::stoll(line.substr(6));
        }
    }
    return 0;
}

// Follows the events on port argv[1] with the token argv[2], and prints the first of them; then it reads
// no more until SIGUSR1, and from there to the end. Its window is small, and the kernel may not widen it.
constexpr std::string_view kLazyReader = R"(
import signal, socket, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.connect(("127.0.0.1", int(sys.argv[1])))
s.sendall(("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + sys.argv[2] + "\r\n\r\n").encode())
seen = b""
while b"event: gateway" not in seen:
    seen += s.recv(1024)
print(seen.decode(), flush=True)
signal.sigwait({signal.SIGUSR1})
while s.recv(65536):
    pass
)";

}  // namespace

TEST_CASE("promise 6: nobody gets in without a token, from another page, or under another name") {
    Gateway gateway;
    Web web(gateway);
    Web nobody(web.url(), "");
    CHECK(nobody.get("/api/v1/jobs").status == 401);
    CHECK(nobody.get("/metrics").status == 401);
    CHECK(nobody.get("/healthz").status == 200);
    CHECK(Web(web.url(), web.token() + "x").get("/api/v1/jobs").status == 401);
    CHECK(web.ask("GET", "/api/v1/jobs", {.headers = {"Host: evil.example"}}).status == 421);
    CHECK(web.ask("GET", "/api/v1/jobs", {.headers = {"Origin: http://evil.example"}}).status == 403);
    CHECK(
        web.ask("POST", "/api/v1/plan", {.headers = {"Content-Type: text/plain"}, .arguments = {"-d", "{}"}})
            .status == 415);
    const auto preflight =
        nobody.ask("OPTIONS", "/api/v1/jobs", {.headers = {"Access-Control-Request-Method: POST"}});
    CHECK(preflight.status == 405);
    CHECK_FALSE(preflight.headers.contains("access-control-allow-origin"));
}

TEST_CASE("every answer tells browsers to load nothing from elsewhere and to keep nothing") {
    Gateway gateway;
    Web web(gateway);
    for (const char* path : {"/", "/jobs/1", "/api/v1/jobs", "/api/v1/nothing", "/healthz"}) {
        CAPTURE(path);
        const auto reply = web.get(path);
        CHECK(holds(reply.headers.at("content-security-policy"), "default-src 'none'"));
        CHECK_FALSE(holds(reply.headers.at("content-security-policy"), "unsafe"));
        CHECK(reply.headers.at("x-content-type-options") == "nosniff");
        CHECK_FALSE(reply.headers.contains("set-cookie"));
        CHECK(reply.headers.at("cache-control") ==
              (path[1] == 'a' || path[1] == 'h' ? "no-store" : "no-cache"));
    }
}

TEST_CASE("promise 6: heads, bodies and what is no HTTP are bounded, and the next request works") {
    Gateway gateway;
    Web web(gateway);
    CHECK(web.ask("GET", "/healthz", {.headers = {"X-Long: " + std::string(20'000, 'x')}}).status == 431);
    const TempDir files;
    write_file(files / "body", std::string(5 * 1024 * 1024, ' '));
    const auto large = web.ask("POST", "/api/v1/jobs",
                               {.headers = {"Content-Type: application/json"},
                                .arguments = {"--data-binary", "@" + (files / "body").string()}});
    CHECK(large.status == 413);
    const auto chunked = web.ask("POST", "/api/v1/jobs",
                                 {.headers = {"Content-Type: application/json", "Transfer-Encoding: chunked"},
                                  .arguments = {"--data-binary", "@" + (files / "body").string()}});
    CHECK((chunked.status == 413 || chunked.status == 0));
    CHECK(web.ask("GET", "/healthz", {.arguments = {"--request-target", "nonsense"}}).status == 400);
    CHECK(web.get("/healthz").status == 200);
}

TEST_CASE("promise 6: who has no token, or asks for what takes no body, sends none") {
    Gateway gateway;
    Web web(gateway);
    Web nobody(web.url(), "");
    const TempDir files;
    write_file(files / "body", std::string(1024 * 1024, ' '));
    const WebRequest large{.headers = {"Content-Type: application/json", "Expect:"},
                           .arguments = {"--data-binary", "@" + (files / "body").string()}};
    CHECK(nobody.ask("GET", "/", large).status == 413);
    CHECK(nobody.ask("GET", "/healthz", large).status == 413);
    CHECK(nobody.ask("POST", "/api/v1/jobs", large).status == 401);
    CHECK(web.ask("POST", "/api/v1/jobs/1/stop", large).status == 413);
    CHECK(web.ask("POST", "/api/v1/jobs", large).status == 400);
}

TEST_CASE("promise 6: a body whose end is not known is not taken for a second request") {
    Gateway gateway;
    Web web(gateway);
    for (const char* coding : {"gzip", "xchunked", "chunked, identity"}) {
        CAPTURE(coding);
        const auto reply =
            web.ask("POST", "/api/v1/plan",
                    {.headers = {"Content-Type: application/json",
                                 std::string("Transfer-Encoding: ") + coding, "Content-Length:"},
                     .arguments = {"-d", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"}});
        CHECK(reply.status == 400);
        CHECK_FALSE(holds(reply.body, "HTTP/1.1"));
    }
    CHECK(web.ask("GET", "/healthz",
                  {.headers = {"Host: localhost", "Origin: http://a", "Origin: http://localhost"}})
              .status == 400);
}

TEST_CASE("promise 6: connections are counted, and those that say nothing keep nobody out") {
    Gateway gateway({.overrides = {"http.connections=8"}});
    Web web(gateway);
    const TempDir files;
    // Two may follow events; a third is told so.
    const auto first = web.follow(files, "first");
    const auto second = web.follow(files, "second");
    REQUIRE(eventually([&] { return holds(first.output(), "retry:") && holds(second.output(), "retry:"); }));
    CHECK(web.get("/api/v1/events").status == 429);
    std::vector<Process> silent;
    const auto address = web.url().substr(7);
    const auto colon = address.find(':');
    for (int i = 0; i < 6; ++i) {
        silent.emplace_back(std::vector<std::string>{"bash", "-c",
                                                     "exec 3<>/dev/tcp/" + address.substr(0, colon) + "/" +
                                                         address.substr(colon + 1) + "; echo open; cat <&3"},
                            files / ("silent-" + std::to_string(i)));
    }
    REQUIRE(eventually([&] {
        return std::ranges::all_of(silent, [](const Process& each) { return holds(each.output(), "open"); });
    }));
    // All places are taken, but who says nothing gives way.
    for (int i = 0; i < 3; ++i) {
        CHECK(web.get("/healthz").status == 200);
    }
    CHECK(eventually(
        [&] { return std::ranges::any_of(silent, [](Process& each) { return !each.running(); }); }));
    CHECK(holds(first.output(), "retry:"));
}

TEST_CASE(
    "promise 6: a reader of events that no longer reads is let go, and begins anew when it comes back") {
    constexpr int kJobs = 4'000;  // with an event of 4 KiB each: more than is remembered and the sockets hold
    Gateway gateway;
    put_fleet(gateway);
    Web web(gateway);
    const TempDir files;
    const auto colon = web.url().rfind(':');
    Process reader({"python3", "-c", std::string(kLazyReader), web.url().substr(colon + 1), web.token()},
                   files / "read");
    REQUIRE(eventually([&] { return holds(reader.output(), "event: gateway"); }));
    const auto begin = reader.output().find("id: ");
    const auto id = reader.output().substr(begin + 4, reader.output().find('\n', begin) - begin - 4);
    auto job = fan_speed_job(3);
    job["description"] = std::string(4'000, 'x');
    write_file(files / "job", json::serialize(job));
    std::string requests;
    for (int i = 0; i < kJobs; ++i) {
        requests += std::string(i == 0 ? "" : "next\n") + "url = \"" + web.url() +
                    "/api/v1/jobs\"\nheader = \"Authorization: Bearer " + web.token() + "\"\njson = \"@" +
                    (files / "job").string() + "\"\noutput = /dev/null\nfail\n";
    }
    write_file(files / "requests", requests);
    REQUIRE(run({"curl", "-sS", "--config", files / "requests"}, 4 * kPatience).exit_code == 0);
    reader.signal(SIGUSR1);
    CHECK(reader.wait() == 0);
    const auto resumed = web.follow(files, "resumed", {"Last-Event-ID: " + id});
    CHECK(eventually([&] { return holds(resumed.output(), "event: reset"); }));
}

TEST_CASE("HTTPS: with a certificate all is encrypted, and plain HTTP gets nowhere") {
    const TempDir files;
    const auto certificate = (files / "cert.pem").string();
    const auto key = (files / "key.pem").string();
    REQUIRE(run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                 "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
                 "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"})
                .exit_code == 0);
    Gateway gateway({.overrides = {"http.certificate_file=" + certificate, "http.key_file=" + key}});
    Web web(gateway);
    CHECK(web.url().starts_with("https://127.0.0.1:"));
    const auto secure = web.ask("GET", "/api/v1/session", {.arguments = {"--cacert", certificate}});
    CHECK(secure.status == 200);
    CHECK(secure.headers.contains("strict-transport-security"));
    CHECK(web.get("/api/v1/session").status == 0);  // curl does not trust it
    CHECK(Web("http" + web.url().substr(5), web.token()).get("/healthz").status == 0);
    CHECK(web.ask("GET", "/healthz", {.arguments = {"--cacert", certificate, "--tls-max", "1.1"}}).status ==
          0);
}

TEST_CASE("an address that is taken, or a certificate that is none, ends musterd with the reason") {
    Gateway gateway;
    const auto taken = Web(gateway).url().substr(7);
    const auto start = [&](const std::string& setting) {
        return run({program("musterd"), "--set", "store.path=" + (gateway.files() / "other.db").string(),
                    "--set", "http.listen=" + taken, "--set", setting});
    };
    const auto refused = start("log.level=info");
    CHECK(refused.exit_code == 1);
    CHECK(holds(refused.errors, "cannot listen on 127.0.0.1"));
    CHECK(start("http.certificate_file=/none").exit_code == 1);
}

TEST_CASE("without http.listen there is no HTTP, and muster console says so") {
    Gateway gateway({.overrides = {"http.listen="}});
    const auto refused = gateway.muster({"console"});
    CHECK(refused.exit_code == 4);
    CHECK(holds(refused.errors, "http.listen"));
}

TEST_CASE("B08: the CSV of a running job is streamed whole, in memory that does not grow with it") {
    constexpr int kDevices = 30'000;
    Gateway gateway;
    put_fleet(gateway);
    const Simulator simulator(gateway, kDevices, {"--offline", "100", "--connections", "8"});
    const TempDir files;
    Web web(gateway);
    const auto job = run_job(gateway, fan_speed_job(3));
    const auto path = "/api/v1/jobs/" + std::to_string(job) + "/details.csv";
    const auto before = resident_kib(gateway.daemon().id());
    const auto file = (files / "details.csv").string();
    // Slowly, so that what is not read waits in musterd, if it waits anywhere.
    const auto reply = web.ask("GET", path, {.arguments = {"--limit-rate", "4M"}});
    write_file(file, reply.body);
    const auto grown = resident_kib(gateway.daemon().id()) - before;
    const auto rows = run({"python3", "-c",
                           "import csv,sys\nrows=list(csv.DictReader(open(sys.argv[1],newline='')))\n"
                           "print(len(rows),len({r['device'] for r in rows}),{r['status'] for r in rows})",
                           file});
    CHECK(rows.output == "30000 30000 {'Pending'}\n");
    CHECK_MESSAGE(grown < 8 * 1024, "KiB: " << grown);
    CHECK(std::filesystem::file_size(file) > 4 * 1024 * 1024);
}

}  // namespace muster::test
