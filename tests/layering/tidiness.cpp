#include "tests/layering/tidiness.hpp"

#include <algorithm>
#include <optional>
#include <regex>

namespace muster::layering {
namespace {

// Finds functions by their braces. A brace that follows a blank opens a body
// or a scope; one that follows a name directly (`value_{1}`) an initialiser.
class FunctionFinder {
public:
    explicit FunctionFinder(const SourceFile& file) : file_(file) {}

    Findings run() {
        for (line_ = 0; line_ < file_.code.size(); ++line_) {
            const auto& line = file_.code[line_];
            if (line.starts_with('#')) {
                continue;
            }
            for (std::size_t column = 0; column < line.size(); ++column) {
                take(line[column], column == 0 || line[column - 1] == ' ');
            }
            head_ += ' ';
        }
        return std::move(findings_);
    }

private:
    enum class Scope { function, data, other };

    void take(char character, bool after_blank) {
        if (character == '{') {
            open(after_blank);
        } else if (character == '}') {
            close();
        } else if ((character == ';' && parentheses_ == 0) || (character == ':' && is_access_label())) {
            head_.clear();
        } else {
            parentheses_ += character == '(' ? 1 : character == ')' ? -1 : 0;
            if (head_.find_first_not_of(' ') == std::string::npos && character != ' ') {
                head_line_ = line_;
            }
            head_ += character;
        }
    }

    [[nodiscard]] bool is_access_label() const {
        return head_.ends_with("public") || head_.ends_with("protected") || head_.ends_with("private");
    }

    [[nodiscard]] bool is_outermost(Scope scope) const {
        return std::ranges::find(scopes_, scope) == scopes_.end();
    }

    void open(bool after_blank) {
        static const std::regex scope_word(
            R"(^\s*(inline\s+)?((namespace|class|struct|union|enum)\b|extern\s+"\s*"\s*$))");
        const bool body = after_blank && head_.find(')') != std::string::npos && !head_.ends_with("= ") &&
                          !std::regex_search(head_, scope_word);
        if (body && is_outermost(Scope::function)) {
            function_line_ = head_line_;
            data_lines_ = 0;
        }
        const bool data = !after_blank || head_.ends_with("= ");
        if (data && is_outermost(Scope::data)) {
            data_line_ = line_;
        }
        scopes_.push_back(body ? Scope::function : data ? Scope::data : Scope::other);
        if (after_blank) {
            head_.clear();
        }
    }

    void close() {
        if (scopes_.empty()) {
            return;
        }
        const auto closed = scopes_.back();
        scopes_.pop_back();
        if (closed == Scope::data && is_outermost(Scope::data)) {
            data_lines_ += line_ - data_line_;
        }
        const auto length = line_ - function_line_ + 1 - data_lines_;
        if (closed == Scope::function && is_outermost(Scope::function) && length > kMostFunctionLines) {
            findings_.push_back({file_.path, function_line_ + 1,
                                 "this function has " + std::to_string(length) + " lines, more than " +
                                     std::to_string(kMostFunctionLines)});
        }
        if (closed == Scope::function || head_.find_first_not_of(' ') == std::string::npos) {
            head_.clear();
        }
    }

    const SourceFile& file_;
    Findings findings_;
    std::vector<Scope> scopes_;
    std::string head_;  // since the statement began
    std::size_t line_ = 0;
    std::size_t head_line_ = 0;
    std::size_t function_line_ = 0;
    std::size_t data_line_ = 0;
    std::size_t data_lines_ = 0;  // of the function so far
    int parentheses_ = 0;
};

struct Leftover {
    std::regex pattern;
    std::string message;
};

// Spelled in pieces, so that this file passes its own check.
const std::vector<Leftover>& leftovers() {
    static const std::vector<Leftover> table{
        {std::regex(R"(\b(TO)"
                    R"(DO|FIX)"
                    R"(ME|XX)"
                    R"(X|HA)"
                    R"(CK|TEMPO)"
                    R"(RARY)\b)"),
         "a marker of unfinished work"},
        {std::regex(R"((^|[^\w<>}.-])/(wo)"
                    R"(rk|ro)"
                    R"(ot|home/\w+|Users)/)"),
         "a path of one machine"},
        {std::regex("\t"), "a tab"},
        {std::regex("[ \r]$"), "a blank at the end of the line"},
    };
    return table;
}

// Labels of the switch whose `default` stands at `index`: those above it, up
// to the switch itself, and those below, as long as they are indented alike.
bool is_over_an_enumeration(const std::vector<std::string>& code, std::size_t index) {
    static const std::regex not_an_enumerator(R"(^case ((u8|u|U|L)?'|[0-9-]|[A-Z][A-Z0-9_]+\s*:))");
    const auto indent = code[index].find_first_not_of(' ');
    const auto is_label_of_number = [&](const std::string& line) {
        return line.find_first_not_of(' ') == indent &&
               std::regex_search(line.substr(indent), not_an_enumerator);
    };
    const auto inside = [&](const std::string& line) {
        const auto first = line.find_first_not_of(' ');
        return first == std::string::npos || first >= indent;
    };
    for (auto above = index; above > 0 && inside(code[above]); --above) {
        if (is_label_of_number(code[above])) {
            return false;
        }
    }
    for (auto below = index; below < code.size() && inside(code[below]); ++below) {
        if (is_label_of_number(code[below])) {
            return false;
        }
    }
    return true;
}

}  // namespace

Findings check_lengths(const Tree& tree) {
    Findings findings;
    for (const auto& file : tree) {
        if (!file.is_cpp()) {
            continue;
        }
        if (file.lines.size() > kMostFileLines) {
            findings.push_back({file.path, kMostFileLines + 1,
                                "this file has " + std::to_string(file.lines.size()) + " lines, more than " +
                                    std::to_string(kMostFileLines)});
        }
        std::ranges::move(FunctionFinder(file).run(), std::back_inserter(findings));
    }
    return findings;
}

Findings check_leftovers(const Tree& tree) {
    Findings findings;
    for (const auto& file : tree) {
        for (std::size_t index = 0; index < file.lines.size(); ++index) {
            for (const auto& leftover : leftovers()) {
                if (std::regex_search(file.lines[index], leftover.pattern)) {
                    findings.push_back({file.path, index + 1, leftover.message});
                }
            }
        }
        if (!file.ends_with_newline) {
            findings.push_back({file.path, file.lines.size(), "no newline at the end of the file"});
        }
    }
    return findings;
}

Findings check_headers(const Tree& tree) {
    Findings findings;
    for (const auto& file : tree) {
        if (!file.is_header()) {
            continue;
        }
        if (file.lines.empty() || !file.lines.front().starts_with("//")) {
            findings.push_back({file.path, 1, "a header begins with a comment that says what it is"});
        }
        if (std::ranges::find(file.lines, "#pragma once") == file.lines.end()) {
            findings.push_back({file.path, 1, "a header holds #pragma once"});
        }
    }
    return findings;
}

Findings check_switches(const Tree& tree) {
    static const std::regex default_label(R"(^\s*default\s*:)");
    Findings findings;
    for (const auto& file : tree) {
        for (std::size_t index = 0; index < file.code.size(); ++index) {
            if (std::regex_search(file.code[index], default_label) &&
                is_over_an_enumeration(file.code, index)) {
                findings.push_back({file.path, index + 1, "a switch over an enumeration has no default"});
            }
        }
    }
    return findings;
}

Findings check_topics(const Tree& tree) {
    static const std::regex topic_piece(R"(/(cmd|ack|status|announce|req|res)(/|$))");
    Findings findings;
    for (const auto& file : tree) {
        // Paths of HTTP look like pieces of topics.
        if (file.is_below("tests/") || file.path == "protocol/topics.cpp" ||
            file.path == "daemon/http/routes.cpp") {
            continue;
        }
        for (const auto& literal : file.literals) {
            if (std::regex_search(literal.text, topic_piece)) {
                findings.push_back(
                    {file.path, literal.line, "\"" + literal.text + "\" is part of a topic; see topics.hpp"});
            }
        }
    }
    return findings;
}

}  // namespace muster::layering
