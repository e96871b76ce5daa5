// Every check finds what it is there to find, in small trees written by hand.
#include "tests/layering/dependencies.hpp"
#include "tests/layering/requirements.hpp"
#include "tests/layering/tidiness.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::layering {
namespace {

std::string repeat(std::size_t times, std::string_view text) {
    std::string repeated;
    for (std::size_t count = 0; count < times; ++count) {
        repeated += text;
    }
    return repeated;
}

// "path:line path:line"
std::string places(const Findings& findings) {
    std::string text;
    for (const auto& finding : findings) {
        text += (text.empty() ? "" : " ") + finding.path + ":" + std::to_string(finding.line);
    }
    return text;
}

std::string places(Findings (*check)(const Tree&), std::string path, std::string_view text) {
    return places(check({make_file(std::move(path), text)}));
}

TEST_CASE("comments and literals are no code") {
    const auto file = make_file("a.cpp",
                                "int a = 1'000;  // {\n"
                                "/* {\n{ */ char b = '{'; auto c = \"x\\\"{\";\n"
                                "auto d = R\"(\n{\"})\"; f(\"y\");\n");
    CHECK(file.code.size() == 5);
    for (const auto& line : file.code) {
        CHECK(line.find('{') == std::string::npos);
    }
    CHECK(file.code[0].starts_with("int a = 1'000;"));
    REQUIRE(file.literals.size() == 3);
    CHECK(file.literals[0].text == "x\\\"{");
    CHECK(file.literals[1].text == "\n{\"}");
    CHECK(file.literals[2].text == "y");
    CHECK(file.literals[2].line == 5);
}

TEST_CASE("include edges") {
    const auto ids = make_file("protocol/ids.hpp", "");
    const auto link = make_file("daemon/mqtt/link.hpp", "");
    const auto job = make_file("daemon/core/job.hpp", "#include \"protocol/ids.hpp\"\n");
    CHECK(places(check_include_edges({ids, link, job})).empty());

    const auto inward = make_file("daemon/core/a.cpp", "#include \"daemon/mqtt/link.hpp\"\n");
    CHECK(places(check_include_edges({ids, link, inward})) == "daemon/core/a.cpp:1");
    const auto across = make_file("device-sim/model/a.cpp", "\n#include \"daemon/core/job.hpp\"\n");
    CHECK(places(check_include_edges({ids, job, across})) == "device-sim/model/a.cpp:2");
    const auto sideways = make_file("protocol/a.cpp", "#include \"ids.hpp\"\n");
    CHECK(places(check_include_edges({ids, sideways})) == "protocol/a.cpp:1");
    const auto stranger = make_file("daemon/extra/a.cpp", "");
    CHECK(places(check_include_edges({stranger})) == "daemon/extra/a.cpp:1");
    const auto commented = make_file("protocol/a.cpp", "// #include \"daemon/mqtt/link.hpp\"\n");
    CHECK(places(check_include_edges({link, commented})).empty());
}

TEST_CASE("a folder inside another has edges of its own") {
    const auto schema = make_file("daemon/store/sqlite/schema.hpp", "");
    const auto store = make_file("daemon/store/store.hpp", "");
    const auto down = make_file("daemon/store/a.cpp", "#include \"daemon/store/sqlite/schema.hpp\"\n");
    const auto up = make_file("daemon/store/sqlite/a.cpp", "#include \"daemon/store/store.hpp\"\n");
    CHECK(places(check_include_edges({schema, store, down})) == "daemon/store/a.cpp:1");
    CHECK(places(check_include_edges({schema, store, up})).empty());
}

TEST_CASE("outside libraries") {
    CHECK(places(check_libraries, "daemon/mqtt/paho_link.cpp", "#include <mqtt/async_client.h>\n").empty());
    CHECK(places(check_libraries, "daemon/cli/a.cpp", "#include <mqtt/async_client.h>\n") ==
          "daemon/cli/a.cpp:1");
    CHECK(places(check_libraries, "daemon/core/a.cpp", "#include <sqlite3.h>\n") == "daemon/core/a.cpp:1");
    CHECK(places(check_libraries, "daemon/core/a.cpp", "#include <spdlog/spdlog.h>\n") ==
          "daemon/core/a.cpp:1");
    CHECK(places(check_libraries, "daemon/program.cpp", "#include <spdlog/spdlog.h>\n").empty());
    CHECK(places(check_libraries, "device-sim/runner.cpp", "#include <mosquitto.h>\n") ==
          "device-sim/runner.cpp:1");
    CHECK(places(check_libraries, "daemon/api/a.cpp", "#include <boost/asio.hpp>\n") == "daemon/api/a.cpp:1");
    CHECK(places(check_libraries, "daemon/api/a.cpp", "#include <yaml-cpp/yaml.h>\n") ==
          "daemon/api/a.cpp:1");
    CHECK(places(check_libraries, "daemon/core/a.cpp", "#include <valijson/schema.hpp>\n") ==
          "daemon/core/a.cpp:1");
    CHECK(places(check_libraries, "daemon/core/schema.cpp", "#include <valijson/schema.hpp>\n").empty());
}

TEST_CASE("purity") {
    CHECK(places(check_purity, "daemon/core/a.cpp", "#include <chrono>\n").empty());
    CHECK(places(check_purity, "daemon/core/a.cpp", "#include <thread>\n") == "daemon/core/a.cpp:1");
    CHECK(places(check_purity, "protocol/a.cpp", "#include <iostream>\n") == "protocol/a.cpp:1");
    CHECK(places(check_purity, "device-sim/model/a.cpp", "auto t = std::chrono::system_clock::now();\n") ==
          "device-sim/model/a.cpp:1");
    CHECK(places(check_purity, "daemon/core/a.cpp", "// never now()\nvoid step(TimePoint now);\n").empty());
    CHECK(places(check_purity, "daemon/runtime/a.cpp", "#include <thread>\n").empty());
}

TEST_CASE("long files") {
    CHECK(places(check_lengths, "protocol/a.cpp", repeat(kMostFileLines, "\n")).empty());
    CHECK(places(check_lengths, "protocol/a.cpp", repeat(kMostFileLines + 1, "\n")) == "protocol/a.cpp:501");
    CHECK(places(check_lengths, "protocol/SPEC.md", repeat(kMostFileLines + 1, "\n")).empty());
}

TEST_CASE("long functions") {
    const auto body = repeat(kMostFunctionLines - 2, "    if (x) {\n    }\n").substr(0);
    const auto just = "{\n" + repeat(kMostFunctionLines - 2, "    f(\"{\");\n") + "}\n";
    const auto over = "{\n" + repeat(kMostFunctionLines - 1, "    f(\"{\");\n") + "}\n";
    CHECK(places(check_lengths, "a.cpp", "void a() " + just).empty());
    CHECK(places(check_lengths, "a.cpp", "int x;\nvoid a() " + over) == "a.cpp:2");
    CHECK(places(check_lengths, "a.cpp", "void a() {\n" + body + "}\n") == "a.cpp:1");
    CHECK(places(check_lengths, "a.cpp",
                 "class A {\npublic:\n    A(int b,\n      int c) : b_{b}, c_{c} " + over + "};\n") ==
          "a.cpp:3");
    CHECK(places(check_lengths, "a.cpp", "namespace a {\nTEST_CASE(\"b\") " + over + "}\n") == "a.cpp:2");
    CHECK(places(check_lengths, "a.cpp", "const auto table = " + over).empty());
    const auto rows = repeat(100, "        {\"a\", f(1)},\n        {2, {3}},\n");
    CHECK(places(check_lengths, "a.cpp", "void a() {\n    const Case cases[] = {\n" + rows + "    };\n}\n")
              .empty());
    CHECK(places(check_lengths, "a.cpp",
                 "void a() {\n    f({1,\n" + repeat(100, "       2,\n") + "       3});\n}\n")
              .empty());
    CHECK(places(check_lengths, "a.cpp",
                 "void a() {\n    int b[] = {\n" + rows + "    };\n" + over.substr(2)) == "a.cpp:1");
    CHECK(places(check_lengths, "a.cpp", "namespace a {\n" + repeat(100, "int b(int c) {\n}\n") + "}\n")
              .empty());
    CHECK(places(check_lengths, "a.cpp", "extern \"C\" int a(int b) " + over) == "a.cpp:1");
}

TEST_CASE("leftovers") {
    const std::string note = std::string("// TO") + "DO: later\n";
    CHECK(places(check_leftovers, "CMakeLists.txt", "\n" + note) == "CMakeLists.txt:2");
    CHECK(places(check_leftovers, "a.md",
                 "FIX"
                 "ME") == "a.md:1 a.md:1");
    CHECK(places(check_leftovers, "dev", "mktemp -d muster.XXXXXX\n").empty());
    CHECK(places(check_leftovers, "a.md",
                 "see /ho"
                 "me/anna/muster\n") == "a.md:1");
    CHECK(places(check_leftovers, "a.md", "<root>/dev/<id>/cmd\n").empty());
    CHECK(places(check_leftovers, "a.yaml", "\tkey: 1\n") == "a.yaml:1");
    CHECK(places(check_leftovers, "a.yaml", "key: 1 \n") == "a.yaml:1");
    CHECK(places(check_leftovers, "a.yaml", "key: 1") == "a.yaml:1");
}

TEST_CASE("headers") {
    CHECK(places(check_headers, "a.hpp", "// What it is.\n#pragma once\n").empty());
    CHECK(places(check_headers, "a.hpp", "// What it is.\n") == "a.hpp:1");
    CHECK(places(check_headers, "a.hpp", "#pragma once\n") == "a.hpp:1");
    CHECK(places(check_headers, "a.hpp", "") == "a.hpp:1 a.hpp:1");
}

TEST_CASE("switches") {
    const auto with = [](std::string_view first_label) {
        return "    switch (x) {\n        " + std::string(first_label) +
               "\n            return 1;\n        default:\n            return 2;\n    }\n";
    };
    CHECK(places(check_switches, "a.cpp", with("case Color::red:")) == "a.cpp:4");
    CHECK(places(check_switches, "a.cpp", with("case 'x':")).empty());
    CHECK(places(check_switches, "a.cpp", with("case U'x':")).empty());
    CHECK(places(check_switches, "a.cpp", with("case 7:")).empty());
    CHECK(places(check_switches, "a.cpp", with("case SQLITE_FULL:")).empty());
    CHECK(places(check_switches, "a.cpp", with("case 7:") + "    f();\n" + with("case red:")) == "a.cpp:11");
    CHECK(places(check_switches, "a.hpp", "    A() = default;\n").empty());
}

TEST_CASE("topics") {
    CHECK(places(check_topics, "protocol/topics.cpp", "auto a = root + \"/cmd\";\n").empty());
    CHECK(places(check_topics, "daemon/runtime/a.cpp", "auto a = root + \"/cmd\";\n") ==
          "daemon/runtime/a.cpp:1");
    CHECK(places(check_topics, "device-sim/a.cpp", "\nauto a = \"muster/v1/dev/x/ack\";\n") ==
          "device-sim/a.cpp:2");
    CHECK(places(check_topics, "daemon/cli/a.cpp", "auto a = \"/res/\";  // \"/cmd\"\n") ==
          "daemon/cli/a.cpp:1");
    CHECK(places(check_topics, "tests/integration/a.cpp", "auto a = \"/cmd\";\n").empty());
}

// A tree of one requirement file and one test; the page is up to date.
Findings requirements_of(std::string_view lines, std::string test_path, std::string_view test) {
    Tree tree{make_file(std::string(kRequirementsPath), lines), make_file(std::move(test_path), test)};
    tree.push_back(make_file(std::string(kRequirementsPage), requirements_page(tree)));
    return check_requirements(tree);
}

TEST_CASE("requirements and their tests") {
    const auto* const path = "tests/unit/a_test.cpp";
    CHECK(places(requirements_of("A01 One.\n", path, "TEST_CASE(\"A01: it does\") {\n}\n")).empty());
    CHECK(places(requirements_of("A01 One.\n", path,
                                 "TEST_CASE(\n    \"of A01 and B02: \"\n    \"x\") {\n}\n")) ==
          "tests/unit/a_test.cpp:1");
    CHECK(places(requirements_of("A01 One.\nA02 Two.\n", path, "TEST_CASE(\"A01\") {\n}\n")) ==
          "tests/requirements.txt:2");
    CHECK(places(requirements_of("A01 One.\n", path, "// TEST_CASE(\"A01\") {\n")) ==
          "tests/requirements.txt:1");
    CHECK(places(requirements_of("A01 One.\n", path, "TEST_CASE(\"x\") {\n    f(\"A01\");\n}\n")) ==
          "tests/requirements.txt:1");
    CHECK(places(requirements_of("A01 One.\n", "tests/scenario/a.txt", "# A01: it does\nrun\n")).empty());
    CHECK(places(requirements_of("A01 One.\n", "tests/scenario/a.txt", "run\n# A01\n")) ==
          "tests/requirements.txt:1");
}

TEST_CASE("open requirements") {
    const auto* const open = "A01 One.\n    open: no time yet\n";
    const auto* const in_console = "A01 (UI) One.\n    open: no console yet\n";
    const auto* const test = "TEST_CASE(\"A01\") {\n}\n";
    CHECK(places(requirements_of(open, "tests/unit/a_test.cpp", "")).empty());
    CHECK(places(requirements_of(open, "tests/unit/a_test.cpp", test)) == "tests/requirements.txt:2");
    CHECK(places(requirements_of(in_console, "tests/unit/a_test.cpp", test)).empty());
    CHECK(places(requirements_of("A01 (UI) One.\n", "tests/unit/a_test.cpp", test)) ==
          "tests/requirements.txt:1");
    CHECK(places(requirements_of("A01 (UI) One.\n", "tests/browser/a.test.ts", "  test('A01: so', () => {\n"))
              .empty());
    CHECK(places(requirements_of("A01 (UI) One.\n", "tests/browser/a.ts", "// A01\n")) ==
          "tests/requirements.txt:1");
}

TEST_CASE("the page of requirements is the generated one") {
    Tree tree{make_file(std::string(kRequirementsPath), "A01 (UI) One.\n    open: no console yet\n")};
    CHECK(places(check_requirements(tree)) == "tests/REQUIREMENTS.md:1");
    tree.push_back(make_file(std::string(kRequirementsPage), requirements_page(tree)));
    CHECK(places(check_requirements(tree)).empty());
    CHECK(requirements_page(tree).find("**A01** (UI) One.\n- *open:* no console yet\n") != std::string::npos);
}

}  // namespace
}  // namespace muster::layering
