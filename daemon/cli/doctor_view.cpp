#include "daemon/cli/doctor_view.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace muster::cli::checkup {
namespace json = boost::json;
namespace {

// "  problem  "
constexpr std::size_t kMark = 11;
// Narrower than this, breaking lines helps nobody.
constexpr std::size_t kLeastColumns = 30;
constexpr std::array kVerdicts{Verdict::ok, Verdict::warning, Verdict::problem, Verdict::skipped};

Style style_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok:
            return Style::good;
        case Verdict::warning:
            return Style::warning;
        case Verdict::problem:
            return Style::bad;
        case Verdict::skipped:
            return Style::dim;
    }
    return Style::plain;
}

std::size_t count(const std::vector<Check>& checks, Verdict verdict) {
    return static_cast<std::size_t>(std::ranges::count(checks, verdict, &Check::verdict));
}

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> found;
    while (!text.empty()) {
        const auto end = text.find('\n');
        found.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return found;
}

// The first line is prose, the others are commands.
void add_fix(const Check& check, const std::string& indent, std::size_t width, std::vector<Line>& out) {
    const auto parts = split_lines(check.fix);
    for (std::size_t index = 0; index < parts.size(); ++index) {
        if (index > 0) {
            out.push_back({{indent + "  "}, {parts[index], Style::strong}});
            continue;
        }
        for (const auto& line : wrap(parts[index], width)) {
            out.push_back({{indent}, {line}});
        }
    }
}

Line verdict_line(const std::vector<Check>& checks) {
    Line line;
    for (const Verdict verdict : kVerdicts) {
        if (const auto number = count(checks, verdict); number != 0) {
            line.push_back({line.empty() ? "" : ", "});
            line.push_back(
                {fmt::format(
                     "{} {}{}", number, to_string(verdict),
                     number > 1 && (verdict == Verdict::warning || verdict == Verdict::problem) ? "s" : ""),
                 style_of(verdict)});
        }
    }
    return line;
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
    std::vector<std::string> found(1);
    while (!text.empty()) {
        const auto end = text.find(' ');
        const auto word = text.substr(0, end);
        auto& line = found.back();
        if (line.empty()) {
            line = word;
        } else if (columns == 0 || display_width(line) + 1 + display_width(word) <= columns) {
            line.append(" ").append(word);
        } else {
            found.emplace_back(word);
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return found;
}

std::vector<Line> lines(const std::vector<Check>& checks, std::size_t columns) {
    std::size_t widest = 0;
    for (const auto& check : checks) {
        widest = std::max(widest, display_width(check.title));
    }
    const std::size_t begin = kMark + widest + 2;
    const std::size_t width = columns == 0 ? 0 : std::max(columns, begin + kLeastColumns) - begin;
    const std::string indent(begin, ' ');
    std::vector<Line> out;
    for (const auto& check : checks) {
        const auto found = wrap(check.found, width);
        const bool quiet = check.verdict == Verdict::ok || check.verdict == Verdict::skipped;
        out.push_back(
            {{fmt::format("  {:<{}}", to_string(check.verdict), kMark - 2), style_of(check.verdict)},
             {check.title + std::string(begin - kMark - display_width(check.title), ' '),
              quiet ? Style::plain : Style::strong},
             {found.front(), check.verdict == Verdict::skipped ? Style::dim : Style::plain}});
        for (std::size_t index = 1; index < found.size(); ++index) {
            out.push_back(
                {{indent}, {found[index], check.verdict == Verdict::skipped ? Style::dim : Style::plain}});
        }
        add_fix(check, indent, width, out);
    }
    out.push_back(verdict_line(checks));
    return out;
}

bool has_problem(const std::vector<Check>& checks) {
    return count(checks, Verdict::problem) != 0;
}

json::object document(const Facts& facts, const std::vector<Check>& checks) {
    json::object counts;
    for (const Verdict verdict : kVerdicts) {
        counts.emplace(to_string(verdict), count(checks, verdict));
    }
    json::array items;
    for (const auto& check : checks) {
        items.push_back(json::object{{"id", check.id},
                                     {"title", check.title},
                                     {"result", to_string(check.verdict)},
                                     {"found", check.found},
                                     {"fix", check.fix}});
    }
    return {{"ok", !has_problem(checks)},
            {"broker", facts.broker.url},
            {"user", facts.user},
            {"counts", std::move(counts)},
            {"checks", std::move(items)}};
}

}  // namespace muster::cli::checkup
