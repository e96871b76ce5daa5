#include "tests/bench/results.hpp"

#include "tests/bench/budget.hpp"
#include "tests/bench/report.hpp"
#include "tests/support/json.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace muster::bench {
namespace {

namespace json = boost::json;

std::string in_cell(std::string_view text) {
    std::string safe;
    for (const char character : text) {
        safe += character == '|' ? std::string("\\|") : std::string(1, character);
    }
    const auto begin = safe.find_first_not_of(' ');
    return begin == std::string::npos ? "" : safe.substr(begin);
}

std::string head(const json::value& document) {
    const auto& machine = test::member(document, "/machine");
    std::string versions;
    for (const auto& [name, version] : test::member(document, "/versions").as_object()) {
        versions += fmt::format("{}{} {}", versions.empty() ? "" : ", ", std::string_view(name),
                                std::string_view(version.as_string()));
    }
    auto text = fmt::format(
        "# What was measured\n\nWritten by `./dev bench --results` from `build/bench.json`; "
        "[README.md](README.md) says what each figure means.\n\n| | |\n|---|---|\n"
        "| command | `{}` |\n| date | {} |\n| revision | {} |\n"
        "| machine | {}, {} cores, {} MiB, {}, Linux {} |\n| with | {} |\n",
        test::text(document, "/command"), test::text(document, "/date"), test::text(document, "/revision"),
        in_cell(test::text(machine, "/cpu")), test::number(machine, "/cores"),
        test::number(machine, "/memory_mib"), in_cell(test::text(machine, "/system")),
        test::text(machine, "/kernel"), versions);
    if (test::member(document, "/quick").as_bool()) {
        text += "\n**A quick run: less of everything. It is a look, not a verdict.**\n";
    }
    return text;
}

std::string budget_table(const json::value& document) {
    std::string text = "\n## The budget\n\n| what | target | measured | reached |\n|---|---|---|---|\n";
    for (const auto& row : budget()) {
        const auto measured = measured_of(row, document);
        text += fmt::format("| {} | {} | {} | {} |\n", row.what, row.target,
                            measured ? readable(*measured) + " " + row.unit : "not measured",
                            verdict(row, measured));
    }
    return text;
}

std::string figure_line(const json::value& figure) {
    const auto value = [&figure](const char* name) {
        return readable(test::member(figure, name).to_number<double>());
    };
    return fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", in_cell(test::text(figure, "/what")),
                       value("/median"), value("/p99"), value("/min"), value("/max"),
                       test::number(figure, "/n"), test::text(figure, "/unit"));
}

std::string section_of(const json::value& entry) {
    const auto id = test::text(entry, "/id");
    return id.substr(0, id.find('.'));
}

std::string section_text(const json::value& document, const std::string& section, double seconds) {
    auto text = fmt::format(
        "\n## {} ({:.0f} s)\n\n| | median | p99 | min | max | n | unit |\n|---|---|---|---|---|---|---|\n",
        section, seconds);
    for (const auto& figure : test::member(document, "/figures").as_array()) {
        if (section_of(figure) == section) {
            text += figure_line(figure);
        }
    }
    std::string notes;
    for (const auto& note : test::member(document, "/notes").as_array()) {
        if (section_of(note) == section) {
            notes += "\n* " + test::text(note, "/text");
        }
    }
    return notes.empty() ? text : text + notes + "\n";
}

}  // namespace

std::string results_page(const json::value& document, std::string_view before) {
    std::string text = head(document) + budget_table(document);
    for (const auto& section : test::member(document, "/sections").as_array()) {
        text += section_text(document, test::text(section, "/section"),
                             test::member(section, "/seconds").to_number<double>());
    }
    const auto kept = before.find(kByHand);
    text += "\n";
    text += kept == std::string_view::npos ? std::string(kByHand) + "\n" : std::string(before.substr(kept));
    return text;
}

}  // namespace muster::bench
