#include "config/token_file.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/cli/fake_client.hpp"

#include <doctest/doctest.h>

using namespace muster;
using namespace muster::cli;
using namespace muster::cli::test;

namespace {

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a token is shown once and only its hash is kept") {
    const muster::test::TempDir files;
    const auto path = (files / "tokens").string();
    Bench bench;
    const auto made = bench.run({"token", "new", "grafana", "--role", "viewer", "-f", path});
    REQUIRE(made.exit == ExitCode::success);
    const auto secret = made.out.substr(0, made.out.find('\n'));
    CHECK(secret.starts_with("mt1_"));
    const auto text = muster::test::read_file(path);
    CHECK_FALSE(holds(text, secret));
    CHECK(holds(text, "grafana viewer 2026-11-22T12:00:00.000Z " + config::hash_of_token(secret)));
    CHECK(bench.gateway.requests.empty());  // no broker is needed
    CHECK(bench.run({"token", "new", "grafana", "--role", "admin", "-f", path}).exit ==
          ExitCode::usage_or_connection);
    CHECK(bench.run({"token", "new", "ci", "--role", "operator", "-f", path}).exit == ExitCode::success);
    const auto listed = bench.run({"token", "list", "-f", path});
    CHECK(holds(listed.out, "grafana"));
    CHECK(holds(listed.out, "operator"));
    CHECK_FALSE(holds(listed.out, config::hash_of_token(secret)));
    CHECK(bench.run({"token", "revoke", "grafana", "-f", path}).exit == ExitCode::success);
    CHECK_FALSE(holds(muster::test::read_file(path), "grafana"));
    CHECK(bench.run({"token", "revoke", "grafana", "-f", path}).exit == ExitCode::usage_or_connection);
}

TEST_CASE("a token needs a name, a role and a file that is one") {
    const muster::test::TempDir files;
    const auto path = (files / "tokens").string();
    Bench bench;
    CHECK(bench.run({"token", "new", "a/b", "--role", "viewer", "-f", path}).exit ==
          ExitCode::usage_or_connection);
    CHECK(bench.run({"token", "new", "a", "--role", "none", "-f", path}).exit ==
          ExitCode::usage_or_connection);
    CHECK(bench.run({"token", "list", "-f", path}).exit == ExitCode::usage_or_connection);
    muster::test::write_file(path, "something else\n");
    const auto refused = bench.run({"token", "new", "a", "--role", "viewer", "-f", path});
    CHECK(refused.exit == ExitCode::usage_or_connection);
    CHECK(holds(refused.remarks, path + ":1"));
    CHECK(muster::test::read_file(path) == "something else\n");
}

TEST_CASE("console prints its address, and opens it for a person") {
    Bench bench;
    bench.gateway.answer(
        "console/open",
        R"({"url":"http://127.0.0.1:8620","token":"mc1.x","expires_at":"2026-11-23T00:00:00.000Z",
                             "address":"http://127.0.0.1:8620/#token=mc1.x"})");
    const auto piped = bench.run({"console"});
    CHECK(piped.out == "http://127.0.0.1:8620/#token=mc1.x\n");
    CHECK(bench.opened.empty());
    bench.terminal = true;
    CHECK(bench.run({"console"}).exit == ExitCode::success);
    CHECK(bench.opened.size() == 1);
    CHECK(bench.run({"console", "--print"}).exit == ExitCode::success);
    CHECK(bench.opened.size() == 1);
    bench.has_browser = false;
    CHECK(holds(bench.run({"console"}).remarks, "Open it in a browser"));
}
