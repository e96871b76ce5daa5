#include "config/yaml_builder.hpp"

#include "config/yaml_text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/mark.h>

#include <algorithm>

namespace muster::config {
namespace {

// "---" alone: "---x" is text.
bool begins_document(std::string_view text) {
    return text.starts_with("---") &&
           (text.size() == 3 || std::string_view(" \t\r\n").find(text[3]) != std::string_view::npos);
}

Position position(const YAML::Mark& mark) {
    return {static_cast<std::size_t>(std::max(mark.line, 0)) + 1,
            static_cast<std::size_t>(std::max(mark.column, 0)) + 1};
}

}  // namespace

void Builder::OnDocumentStart(const YAML::Mark& mark) {
    enter(mark);
    ++started_;
    // The parser takes whatever it cannot place for a new document, and may do
    // so for ever: it has to be a document that the file does open.
    if (started_ > 1 && !begins_document(rest(mark))) {
        mistakes_.stop(position(mark), "does not belong to the document above; a new one begins with ---");
    }
    if (started_ > limits_.documents) {
        mistakes_.stop(position(mark), limits_.documents == 1
                                           ? "is a second document; one is expected"
                                           : fmt::format("is over {} documents", limits_.documents));
    }
}

void Builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    enter(mark);
    refuse_properties(mark, anchor, "");
    if (expects_key()) {
        mistakes_.stop(position(mark), "a key is expected, in quotes if it is empty or null");
    }
    // A value that is left out stands where its key does: the mark is already at the next token.
    const bool left_out = !open_.empty() && open_.back().key;
    add({left_out ? open_.back().key->second : position(mark), nullptr});
}

void Builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) {
    mistakes_.stop(position(mark), "aliases (*name) are not allowed; write the value out");
}

void Builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       const std::string& value) {
    enter(mark);
    refuse_properties(mark, anchor, tag);
    if (value.find('\0') != std::string::npos) {
        mistakes_.note(position(mark), "holds a NUL character, which is not allowed");
    }
    if (expects_key()) {
        set_key(value, position(mark));
        return;
    }
    const bool plain = tag == "?";
    add({position(mark), plain ? plain_value(value, mark) : YamlNode::Value(value)});
}

void Builder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                              YAML::EmitterStyle::value /*style*/) {
    enter(mark);
    refuse_properties(mark, anchor, tag);
    open({position(mark), YamlNode::Sequence()});
}

void Builder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) {
    enter(mark);
    refuse_properties(mark, anchor, tag);
    open({position(mark), YamlNode::Mapping()});
}

void Builder::enter(const YAML::Mark& mark) {
    source_.on_event();
    reached_ = position(mark);
}

std::string_view Builder::rest(const YAML::Mark& mark) const {
    return text_.substr(std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size()));
}

bool Builder::expects_key() const {
    return !open_.empty() && !open_.back().key &&
           std::holds_alternative<YamlNode::Mapping>(open_.back().node.value);
}

// The text is looked at as well, since some properties ("!" and those of an
// empty value) do not show in the event.
void Builder::refuse_properties(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag) {
    if (anchor != YAML::NullAnchor || rest(mark).starts_with('&')) {
        mistakes_.note(position(mark), "anchors (&name) are not allowed");
    }
    if ((!tag.empty() && tag != "?" && tag != "!") || rest(mark).starts_with('!')) {
        mistakes_.note(position(mark), "tags (!name) are not allowed; quotes make a value text");
    }
}

YamlNode::Value Builder::plain_value(const std::string& text, const YAML::Mark& mark) {
    Result<YamlNode::Value> meaning = resolve_plain(text);
    if (!meaning) {
        mistakes_.note(position(mark), meaning.error().message);
        return nullptr;
    }
    return std::move(meaning).value();
}

void Builder::set_key(const std::string& key, Position at) {
    if (!open_.back().keys.insert(key).second) {
        mistakes_.note(at, fmt::format("the key {} is here a second time", quoted(key)));
    }
    open_.back().key = {key, at};
}

void Builder::open(YamlNode node) {
    if (expects_key()) {
        mistakes_.stop(node.position, fmt::format("is {} as a key; only text can be one", describe(node)));
    }
    if (open_.size() == limits_.depth) {
        mistakes_.stop(node.position, fmt::format("is nested over {} deep", limits_.depth));
    }
    open_.push_back({std::move(node), std::nullopt, {}});
}

void Builder::close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
}

void Builder::add(YamlNode node) {
    if (++nodes_ > limits_.nodes) {
        mistakes_.stop(node.position, fmt::format("is over {} values in one file", limits_.nodes));
    }
    if (open_.empty()) {
        documents_.push_back(std::move(node));
        return;
    }
    Open& parent = open_.back();
    if (auto* sequence = std::get_if<YamlNode::Sequence>(&parent.node.value)) {
        sequence->push_back(std::move(node));
        return;
    }
    MUSTER_INVARIANT(parent.key.has_value());
    auto& mapping = std::get<YamlNode::Mapping>(parent.node.value);
    mapping.push_back({std::move(parent.key->first), parent.key->second, std::move(node)});
    parent.key.reset();
}

}  // namespace muster::config
