#include "config/yaml.hpp"

#include "config/files.hpp"
#include "config/yaml_text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>
#include <unordered_set>
#include <utility>

namespace muster::config {
namespace {

// Leaves the parser at a mistake after which the rest cannot be read.
struct Stop : std::exception {};

class Mistakes {
public:
    explicit Mistakes(std::string_view source) : source_(source) {}

    // The rest of the file is still read.
    void note(Position position, std::string message) {
        ErrorDetail mistake{place(source_, position), std::move(message)};
        // A mapping and its first key begin at the same place.
        if (!list_.empty() && list_.back() == mistake) {
            return;
        }
        list_.push_back(std::move(mistake));
        if (list_.size() == kMostMistakes) {
            throw Stop();
        }
    }
    [[noreturn]] void stop(Position position, std::string message) {
        list_.push_back({place(source_, position), std::move(message)});
        throw Stop();
    }
    std::vector<ErrorDetail> take() { return std::move(list_); }

private:
    std::string_view source_;
    std::vector<ErrorDetail> list_;
};

Position position_at(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t newline = before.rfind('\n');
    return {lines + 1, newline == std::string_view::npos ? before.size() + 1 : before.size() - newline};
}

// "---" alone: "---x" is text.
bool begins_document(std::string_view text) {
    return text.starts_with("---") &&
           (text.size() == 3 || std::string_view(" \t\r\n").find(text[3]) != std::string_view::npos);
}

// Builds the trees from the parser's events. Aliases arrive as events and are
// never expanded, so a bomb of them costs nothing.
class Builder final : public YAML::EventHandler {
public:
    Builder(std::string_view text, const YamlLimits& limits, Mistakes& mistakes)
        : text_(text), limits_(limits), mistakes_(mistakes) {}

    std::vector<YamlNode> take() { return std::move(documents_); }

    void OnDocumentStart(const YAML::Mark& mark) override {
        ++started_;
        // The parser takes whatever it cannot place for a new document, and may
        // do so for ever: it has to be a document that the file does open.
        if (started_ > 1 && !begins_document(rest(mark))) {
            mistakes_.stop(position(mark),
                           "does not belong to the document above; a new one begins with ---");
        }
        if (started_ > limits_.documents) {
            mistakes_.stop(position(mark), limits_.documents == 1
                                               ? "is a second document; one is expected"
                                               : fmt::format("is over {} documents", limits_.documents));
        }
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_properties(mark, anchor, "");
        if (expects_key()) {
            mistakes_.stop(position(mark), "a key is expected, in quotes if it is empty or null");
        }
        // A value that is left out stands where its key does: the mark is already at the next token.
        const bool left_out = !open_.empty() && open_.back().key;
        add({left_out ? open_.back().key->second : position(mark), nullptr});
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        mistakes_.stop(position(mark), "aliases (*name) are not allowed; write the value out");
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_properties(mark, anchor, tag);
        if (value.find('\0') != std::string::npos) {
            mistakes_.note(position(mark), "holds a NUL character, which is not allowed");
        }
        if (expects_key()) {
            set_key(value, position(mark));
            return;
        }
        add({position(mark), tag == "?" ? plain_value(value, mark) : YamlNode::Value(value)});
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        refuse_properties(mark, anchor, tag);
        open({position(mark), YamlNode::Sequence()});
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        refuse_properties(mark, anchor, tag);
        open({position(mark), YamlNode::Mapping()});
    }
    void OnMapEnd() override { close(); }

private:
    // A list or mapping whose end has not come yet.
    struct Open {
        YamlNode node;
        std::optional<std::pair<std::string, Position>> key;  // its value comes next
        std::unordered_set<std::string> keys;
    };

    static Position position(const YAML::Mark& mark) {
        return {static_cast<std::size_t>(std::max(mark.line, 0)) + 1,
                static_cast<std::size_t>(std::max(mark.column, 0)) + 1};
    }
    std::string_view rest(const YAML::Mark& mark) const {
        return text_.substr(std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size()));
    }
    bool expects_key() const {
        return !open_.empty() && !open_.back().key &&
               std::holds_alternative<YamlNode::Mapping>(open_.back().node.value);
    }

    // The text is looked at as well, since some properties ("!" and those of an
    // empty value) do not show in the event.
    void refuse_properties(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag) {
        if (anchor != YAML::NullAnchor || rest(mark).starts_with('&')) {
            mistakes_.note(position(mark), "anchors (&name) are not allowed");
        }
        if ((!tag.empty() && tag != "?" && tag != "!") || rest(mark).starts_with('!')) {
            mistakes_.note(position(mark), "tags (!name) are not allowed; quotes make a value text");
        }
    }

    YamlNode::Value plain_value(const std::string& text, const YAML::Mark& mark) {
        Result<YamlNode::Value> meaning = resolve_plain(text);
        if (!meaning) {
            mistakes_.note(position(mark), meaning.error().message);
            return nullptr;
        }
        return std::move(meaning).value();
    }

    void set_key(const std::string& key, Position at) {
        if (!open_.back().keys.insert(key).second) {
            mistakes_.note(at, fmt::format("the key {} is here a second time", quoted(key)));
        }
        open_.back().key = {key, at};
    }

    void open(YamlNode node) {
        if (expects_key()) {
            mistakes_.stop(node.position,
                           fmt::format("is {} as a key; only text can be one", describe(node)));
        }
        if (open_.size() == limits_.depth) {
            mistakes_.stop(node.position, fmt::format("is nested over {} deep", limits_.depth));
        }
        open_.push_back({std::move(node), std::nullopt, {}});
    }
    void close() {
        YamlNode node = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(node));
    }

    void add(YamlNode node) {
        if (++nodes_ > limits_.nodes) {
            mistakes_.stop(node.position, fmt::format("is over {} values in one file", limits_.nodes));
        }
        if (open_.empty()) {
            documents_.push_back(std::move(node));
        } else if (auto* sequence = std::get_if<YamlNode::Sequence>(&open_.back().node.value)) {
            sequence->push_back(std::move(node));
        } else {
            auto& [key, at] = *open_.back().key;
            std::get<YamlNode::Mapping>(open_.back().node.value)
                .push_back({std::move(key), at, std::move(node)});
            open_.back().key.reset();
        }
    }

    std::string_view text_;
    const YamlLimits& limits_;
    Mistakes& mistakes_;
    std::vector<YamlNode> documents_;
    std::vector<Open> open_;
    std::size_t started_ = 0;
    std::size_t nodes_ = 0;
};

// Throws Stop; every other exception is turned into a mistake.
std::vector<YamlNode> build(std::string_view text, const YamlLimits& limits, Mistakes& mistakes) {
    if (const auto bad = first_bad_byte(text)) {
        mistakes.stop(position_at(text, *bad), "is not a character that a file in UTF-8 may hold here");
    }
    std::istringstream stream{std::string(text)};
    Builder builder(text, limits, mistakes);
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        // At the end of the file the library's line and column are wrong, its offset is not.
        const auto offset = static_cast<std::size_t>(std::max(error.mark.pos, 0));
        mistakes.stop(position_at(text, std::min(offset, text.size())), "syntax: " + error.msg);
    }
    return builder.take();
}

}  // namespace

std::string place(std::string_view source, Position position) {
    return fmt::format("{}:{}:{}", source, position.line, position.column);
}

Error mistakes_error(std::string_view source, std::vector<ErrorDetail> mistakes) {
    std::string message = mistakes.size() == 1 ? fmt::format("{} has a mistake", source)
                                               : fmt::format("{} has {} mistakes", source, mistakes.size());
    return make_error(ErrorCode::invalid, std::move(message), std::move(mistakes));
}

Result<YamlFile> parse_yaml(std::string_view text, std::string source, const YamlLimits& limits) {
    if (text.size() > limits.bytes) {
        return make_error(ErrorCode::too_large,
                          fmt::format("{} is over {} bytes, the most that is read", source, limits.bytes));
    }
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    Mistakes mistakes(source);
    std::vector<YamlNode> documents;
    try {
        documents = build(text, limits, mistakes);
    } catch (const Stop&) {
    }
    std::vector<ErrorDetail> list = mistakes.take();
    if (!list.empty()) {
        return mistakes_error(source, std::move(list));
    }
    return YamlFile{std::move(source), std::move(documents)};
}

Result<YamlFile> read_yaml(const std::string& path, const YamlLimits& limits) {
    const Result<std::string> text = read_file(path, limits.bytes);
    if (!text) {
        return text.error();
    }
    return parse_yaml(*text, path, limits);
}

}  // namespace muster::config
