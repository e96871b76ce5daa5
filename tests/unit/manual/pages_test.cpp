// Whatever a table has is on a page.
#include "systemd/manual/pages.hpp"

#include "config/option_table.hpp"
#include "systemd/manual/programs.hpp"
#include "systemd/manual/roff.hpp"

#include <doctest/doctest.h>

using namespace muster::manual;

namespace {

const Edition kEdition{"1.2.3", "2026-11-29"};

// The part of a page that begins with a line, until the next heading.
std::string part(const std::string& page, const std::string& begin) {
    const auto at = page.find(begin);
    if (at == std::string::npos) {
        return {};
    }
    return page.substr(at, page.find("\n.S", at + 1) - at);
}

std::string term(const Option& option) {
    std::string text;
    for (const std::string& flag : option.flags) {
        text += (text.empty() ? "" : ", ") + bold(flag);
    }
    return "\n.TP\n" + text;
}

void check_options(const std::string& page, const Program& program) {
    for (const Option& option : program.options) {
        CHECK_MESSAGE(page.find(term(option)) != std::string::npos, option.flags.back());
    }
}

void check_heading(const std::string& page, const std::string& name) {
    CHECK(page.find(".TH \"" + name + "\"") != std::string::npos);
    CHECK(page.find(".SH \"SEE ALSO\"") != std::string::npos);
}

}  // namespace

TEST_CASE("muster(1) has every command with its arguments, options, codes and examples") {
    const Program client = describe_client();
    const std::string page = client_page(client, kEdition);
    check_heading(page, "MUSTER");
    check_options(page, client);
    for (const Command& command : client.commands) {
        const std::string text = part(page, ".SS \"" + bold("muster " + joined(command.path)));
        REQUIRE_MESSAGE(!text.empty(), joined(command.path));
        const bool refers = text.find("It takes the options of") != std::string::npos;
        for (const Option& option : command.options) {
            CHECK_MESSAGE((refers || text.find(term(option)) != std::string::npos), option.flags.back());
        }
        for (const Argument& argument : command.arguments) {
            CHECK(text.find(".TP\n" + italic(argument.name)) != std::string::npos);
        }
        for (const std::string& example : command.examples) {
            CHECK(text.find(plain(example)) != std::string::npos);
        }
        CHECK(text.find("Exit status: 0, 1") != std::string::npos);
    }
}

TEST_CASE("a command refers to an earlier one that has all of those options, and lists the rest") {
    const std::string page = client_page(describe_client(), kEdition);
    const std::string run = part(page, ".SS \"" + bold("muster job run"));
    CHECK(run.find("It takes the options of " + bold("muster job new") + ", and:") != std::string::npos);
    CHECK(run.find(bold("--digest")) != std::string::npos);
    CHECK(run.find(bold("--settings")) == std::string::npos);
    CHECK(part(page, ".SS \"" + bold("muster job new")).find(bold("--settings")) != std::string::npos);
}

TEST_CASE("muster(1) names each variable of the environment and each exit code") {
    const Program client = describe_client();
    const std::string page = client_page(client, kEdition);
    const std::string environment = part(page, ".SH \"ENVIRONMENT\"");
    for (const char* name : {"MUSTER_BROKER", "MUSTER_USER", "MUSTER_PASSWORD_FILE", "MUSTER_TIMEOUT"}) {
        CHECK_MESSAGE(environment.find(name) != std::string::npos, name);
    }
    const std::string exits = part(page, ".SH \"EXIT STATUS\"");
    for (const Exit& exit : client.exits) {
        CHECK(exits.find(".TP\n" + bold(std::to_string(exit.code))) != std::string::npos);
    }
}

TEST_CASE("musterd(8) and muster-sim(1) have every option and command") {
    const Program daemon = describe_daemon();
    const std::string page = daemon_page(daemon, kEdition);
    check_heading(page, "MUSTERD");
    check_options(page, daemon);
    for (const Command& command : daemon.commands) {
        CHECK(page.find(".SS \"" + bold("musterd " + joined(command.path))) != std::string::npos);
    }
    check_heading(simulator_page(describe_simulator(), kEdition), "MUSTER\\-SIM");
    check_options(simulator_page(describe_simulator(), kEdition), describe_simulator());
}

TEST_CASE("musterd.yaml(5) has every key with its default, and says which a reload takes over") {
    const std::string page = configuration_page(kEdition);
    check_heading(page, "MUSTERD.YAML");
    for (const auto& option : muster::config::option_table()) {
        const auto at = page.find("\n.TP\n" + bold(option.key));
        REQUIRE_MESSAGE(at != std::string::npos, option.key);
        const std::string text = page.substr(at, page.find("\n.TP\n", at + 1) - at);
        CHECK_MESSAGE(text.find("default") != std::string::npos, option.key);
        const bool reload = option.reload == muster::config::Reload::yes;
        CHECK_MESSAGE((text.find("Taken over on SIGHUP") != std::string::npos) == reload, option.key);
    }
    for (const auto& section : muster::config::section_table()) {
        CHECK(page.find(".SH \"" + std::string(section.name) + "\"") != std::string::npos);
    }
}
