#include "config/daemon_options.hpp"
#include "config/option_table.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/protocol/random_bytes.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

using namespace muster::config;
using muster::test::RandomBytes;

namespace {

const std::string kExamplePath = std::string(MUSTER_SOURCE_DIRECTORY) + "/config/musterd.example.yaml";

// The words of the comments above each key of a file that example() wrote.
std::string words_of_comments(const std::string& text) {
    std::string words;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = text.find('\n', at);
        std::string line = text.substr(at, end - at);
        line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
        words += line.starts_with("# ") ? line.substr(1) : "";
        at = end + 1;
    }
    return words;
}

DaemonOptions random_options(RandomBytes& random) {
    DaemonOptions options;
    for (const Option& option : option_table()) {
        if (const auto* rule = std::get_if<IntegerRule>(&option.rule)) {
            const auto span = static_cast<std::size_t>(rule->most - rule->least) + 1;
            option.field.set(options, rule->least + static_cast<std::int64_t>(random.below(span)));
        } else if (const auto* choice = std::get_if<ChoiceRule>(&option.rule)) {
            option.field.set(options,
                             boost::json::string(choice->choices[random.below(choice->choices.size())]));
        }
    }
    options.broker.client_id = random.from("a1: #'\"\\{[~", 20);
    options.store.path = "/\xC3\xA9" + random.from("a1: #'\"\\{[~", 9);
    options.broker.urls = {"mqtt://a:1", "mqtt://[::1]"};
    options.roles = {{"anna", Role::admin}, {"true", Role::none}, {"0", Role::operator_role}};
    // As far as the rows of the table agree with each other.
    options.broker.reconnect_most = std::max(options.broker.reconnect_most, options.broker.reconnect_least);
    options.jobs.resend_most = std::max(options.jobs.resend_most, options.jobs.resend_first);
    options.limits.batch_events = std::min(options.limits.batch_events, options.limits.queue_events);
    return options;
}

}  // namespace

// To write the file anew after a change of the table, run this test with
// MUSTER_WRITE_EXAMPLE=1 in the environment.
TEST_CASE("musterd.example.yaml is what the table says, and gives the defaults") {
    if (std::getenv("MUSTER_WRITE_EXAMPLE") != nullptr) {
        muster::test::write_file(kExamplePath, example());
    }
    CHECK(muster::test::read_file(kExamplePath) == example());
    CHECK(load(kExamplePath, {}).value() == DaemonOptions{});
}

TEST_CASE("every key stands in the example with its default below its sentence") {
    const std::string text = example();
    const std::string words = words_of_comments(text);
    for (const Option& option : option_table()) {
        CAPTURE(option.key);
        CHECK(words.find(option.sentence) != std::string::npos);
        CHECK(words.find(fmt::format("{}", allowed(option.rule))) != std::string::npos);
        CHECK(text.find(fmt::format("\n{}{}:", option.section().empty() ? "" : "  ", option.name())) !=
              std::string::npos);
    }
    for (const Section& section : section_table()) {
        CAPTURE(section.name);
        CHECK(text.find(fmt::format("\n# {}\n{}:\n", section.sentence, section.name)) != std::string::npos);
    }
}

TEST_CASE("lines of the example fit a terminal") {
    const std::string text = example();
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = text.find('\n', begin);
        CHECK(end - begin <= 100);
        begin = end + 1;
    }
}

TEST_CASE("the table holds each key once, and each section in one piece") {
    std::set<std::string_view> keys;
    std::set<std::string_view> closed;
    std::string_view section;
    for (const Option& option : option_table()) {
        CAPTURE(option.key);
        CHECK(keys.insert(option.key).second);
        CHECK(find_option(option.key) == &option);
        CHECK(!option.sentence.empty());
        if (option.section() != section) {
            closed.insert(section);
            section = option.section();
            CHECK((section.empty() || !closed.contains(section)));
        }
    }
    for (const Agreement& agreement : agreement_table()) {
        CHECK(find_option(agreement.key) != nullptr);
        CHECK(find_option(agreement.other) != nullptr);
        CHECK(agreement.holds(DaemonOptions{}));
    }
}

TEST_CASE("every default keeps its own rule") {
    CHECK(parse_options(print(DaemonOptions{}), "f", {}).value() == DaemonOptions{});
}

TEST_CASE("what is printed is read back as the same options") {
    RandomBytes random;
    INFO(random.seed());
    for (int round = 0; round < 200; ++round) {
        const DaemonOptions options = random_options(random);
        const std::string text = print(options);
        CAPTURE(text);
        const auto again = parse_options(text, "f", {});
        REQUIRE(again.has_value());
        CHECK(again.value() == options);
    }
}
