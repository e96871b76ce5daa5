#include "tests/support/markdown.hpp"

#include <cctype>
#include <regex>
#include <sstream>

namespace muster::test {
namespace {

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    const auto last = text.find_last_not_of(' ');
    return first == std::string_view::npos ? std::string()
                                           : std::string(text.substr(first, last - first + 1));
}

// A | inside of ticks is no border.
std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells;
    std::string cell;
    bool in_ticks = false;
    for (const char character : line.substr(1)) {
        in_ticks = in_ticks != (character == '`');
        if (character == '|' && !in_ticks) {
            cells.push_back(trimmed(cell));
            cell.clear();
        } else {
            cell += character;
        }
    }
    return cells;
}

bool is_ruler(const std::string& line) {
    return line.find_first_not_of("|-: ") == std::string::npos;
}

void read_links(const std::string& line, std::vector<std::string>& links) {
    static const std::regex link(R"(\]\(([^)\s]+)\))");
    for (std::sregex_iterator at(line.begin(), line.end(), link), end; at != end; ++at) {
        links.push_back((*at)[1]);
    }
}

class Reader {
public:
    void take(const std::string& line) {
        ++line_;
        if (line.starts_with("```")) {
            fence(line);
        } else if (in_block_) {
            page_.blocks.back().text += line + "\n";
        } else {
            take_text(line);
        }
    }

    Markdown page_;

private:
    void fence(const std::string& line) {
        in_block_ = !in_block_;
        if (in_block_) {
            page_.blocks.push_back({heading_, line_, line.substr(3), {}});
        }
    }

    void take_text(const std::string& line) {
        if (line.starts_with("#")) {
            heading_ = trimmed(line.substr(line.find_first_not_of('#')));
            page_.headings.push_back(heading_);
            page_.anchors.push_back(anchor_of(heading_));
        } else if (line.starts_with("|") && is_ruler(line)) {
            page_.rows.pop_back();  // what was read above it is the head
        } else if (line.starts_with("|")) {
            page_.rows.push_back({heading_, line_, cells_of(line)});
        }
        read_links(line, page_.links);
    }

    std::string heading_;
    std::size_t line_ = 0;
    bool in_block_ = false;
};

}  // namespace

Markdown read_markdown(std::string_view text) {
    Reader reader;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        reader.take(line);
    }
    return std::move(reader.page_);
}

std::string without_ticks(std::string_view cell) {
    const bool is_ticked =
        cell.size() > 2 && cell.front() == '`' && cell.back() == '`' && cell.find('`', 1) == cell.size() - 1;
    return std::string(is_ticked ? cell.substr(1, cell.size() - 2) : cell);
}

std::vector<std::string> ticked(std::string_view cell) {
    std::vector<std::string> found;
    for (auto at = cell.find('`'); at != std::string_view::npos; at = cell.find('`', at)) {
        const auto end = cell.find('`', at + 1);
        if (end == std::string_view::npos) {
            break;
        }
        found.emplace_back(cell.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    return found;
}

std::string anchor_of(std::string_view heading) {
    std::string anchor;
    for (const char character : heading) {
        const auto byte = static_cast<unsigned char>(character);
        if (std::isalnum(byte) != 0 || character == '-' || character == '_') {
            anchor += static_cast<char>(std::tolower(byte));
        } else if (character == ' ') {
            anchor += '-';
        }
    }
    return anchor;
}

}  // namespace muster::test
