#include "tests/layering/source_tree.hpp"

#include "tests/support/files.hpp"

#include <algorithm>
#include <array>

namespace muster::layering {
namespace {

// A corpus is bytes, not text: what is wrong in it is its purpose.
constexpr std::array<std::string_view, 6> kNotOurs{".git",         "build",       "build-package",
                                                   "node_modules", "__pycache__", "corpus"};
constexpr std::array<std::string_view, 7> kBinary{".png", ".ico", ".jpg", ".woff2", ".gz", ".db", ".pyc"};

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// Blanks comments and literals in one pass over the whole text.
class Blanker {
public:
    explicit Blanker(std::string_view text) : text_(text), code_(text) {}

    void run(SourceFile& file) {
        while (at_ < text_.size()) {
            step();
        }
        file.code = split_lines(code_);
        file.literals = std::move(literals_);
    }

private:
    void step() {
        const auto rest = text_.substr(at_);
        if (rest.starts_with("//")) {
            blank(at_, std::min(text_.find('\n', at_), text_.size()));
        } else if (rest.starts_with("/*")) {
            blank(at_, after(text_.find("*/", at_ + 2), 2));
        } else if (rest.starts_with("R\"")) {
            raw_string();
        } else if (rest.front() == '"') {
            quoted('"');
        } else if (rest.front() == '\'' && !is_digit_separator()) {
            quoted('\'');
        } else {
            count(at_, at_ + 1);
            ++at_;
        }
    }

    void raw_string() {
        const auto open = text_.find('(', at_);
        if (open == std::string_view::npos) {
            at_ = text_.size();
            return;
        }
        std::string close(1, ')');
        close.append(text_.substr(at_ + 2, open - at_ - 2)).push_back('"');
        const auto end = std::min(text_.find(close, open), text_.size());
        keep_literal(open + 1, end);
        blank(open + 1, end);
        at_ = std::min(end + close.size(), text_.size());
    }

    void quoted(char quote) {
        auto end = at_ + 1;
        while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
            end += text_[end] == '\\' ? 2U : 1U;
        }
        end = std::min(end, text_.size());
        if (quote == '"') {
            keep_literal(at_ + 1, end);
        }
        blank(at_ + 1, end);
        at_ = std::min(end + 1, text_.size());
    }

    [[nodiscard]] bool is_digit_separator() const {
        return at_ > 0 && std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) != 0;
    }

    [[nodiscard]] std::size_t after(std::size_t found, std::size_t length) const {
        return found == std::string_view::npos ? text_.size() : found + length;
    }

    void keep_literal(std::size_t from, std::size_t to) {
        literals_.push_back({line_, std::string(text_.substr(from, to - from))});
    }

    void blank(std::size_t from, std::size_t to) {
        for (auto at = from; at < to; ++at) {
            if (code_[at] != '\n') {
                code_[at] = ' ';
            }
        }
        count(at_, to);
        at_ = to;
    }

    void count(std::size_t from, std::size_t to) {
        line_ += static_cast<std::size_t>(std::ranges::count(text_.substr(from, to - from), '\n'));
    }

    std::string_view text_;
    std::string code_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::vector<Literal> literals_;
};

bool is_ours(const std::filesystem::directory_entry& entry) {
    const auto name = entry.path().filename().string();
    if (entry.is_directory()) {
        return std::ranges::find(kNotOurs, name) == kNotOurs.end();
    }
    return entry.is_regular_file() &&
           std::ranges::find(kBinary, entry.path().extension().string()) == kBinary.end();
}

}  // namespace

SourceFile make_file(std::string path, std::string_view text) {
    SourceFile file;
    file.path = std::move(path);
    file.lines = split_lines(text);
    file.ends_with_newline = text.empty() || text.ends_with('\n');
    if (file.is_cpp()) {
        Blanker(text).run(file);
    }
    return file;
}

Tree load_tree(const std::filesystem::path& root) {
    Tree tree;
    for (auto at = std::filesystem::recursive_directory_iterator(root); at != std::filesystem::end(at);
         ++at) {
        if (!is_ours(*at)) {
            at.disable_recursion_pending();
        } else if (at->is_regular_file()) {
            tree.push_back(
                make_file(at->path().lexically_relative(root).generic_string(), test::read_file(at->path())));
        }
    }
    std::ranges::sort(tree, {}, &SourceFile::path);
    return tree;
}

std::string to_string(const Findings& findings) {
    std::string text;
    for (const auto& finding : findings) {
        text += "\n  " + finding.path + ":" + std::to_string(finding.line) + ": " + finding.message;
    }
    return text;
}

}  // namespace muster::layering
