#include "config/documents.hpp"

#include "config/suggest.hpp"
#include "config/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace muster::config {
namespace {

constexpr std::array<std::string_view, 4> kKinds{"template", "device-set", "device", "job"};
// The member that holds the name, by kind.
constexpr std::array<std::string_view, 4> kNameFields{"name", "set", "device", "name"};

class Reader {
public:
    explicit Reader(const std::string& source) : source_(source) {}

    void read(YamlNode&& tree) {
        if (std::holds_alternative<std::nullptr_t>(tree.value)) {
            return;
        }
        if (!std::holds_alternative<YamlNode::Mapping>(tree.value)) {
            note(tree, "", fmt::format("is {}; a document with a kind is expected", describe(tree)));
            return;
        }
        Document document;
        document.source = source_;
        document.body = to_json(tree).as_object();
        document.tree = std::move(tree);
        if (take_kind(document) && take_name(document)) {
            documents_.push_back(std::move(document));
        }
    }

    Result<std::vector<Document>> finish() {
        if (!mistakes_.empty()) {
            return mistakes_error(source_, std::move(mistakes_));
        }
        if (documents_.empty()) {
            return make_error(ErrorCode::invalid, fmt::format("{} holds no documents", source_));
        }
        return std::move(documents_);
    }

    bool is_full() const { return mistakes_.size() >= kMostMistakes; }

private:
    void note(const YamlNode& tree, std::string_view field, std::string message) {
        mistakes_.push_back({place(source_, position_of(tree, field)), std::move(message)});
    }

    bool take_kind(Document& document) {
        const boost::json::value* kind = document.body.if_contains("kind");
        if (kind == nullptr) {
            note(document.tree, "", "has no kind; template, device-set, device or job is expected");
            return false;
        }
        const auto* text = kind->if_string();
        const auto* found = text == nullptr ? kKinds.end() : std::find(kKinds.begin(), kKinds.end(), *text);
        if (found == kKinds.end()) {
            const auto near = text == nullptr ? std::nullopt : nearest(*text, kKinds);
            note(document.tree, "kind",
                 fmt::format("kind is {}; template, device-set, device or job is expected{}",
                             text == nullptr ? "not text" : quoted(*text),
                             near ? fmt::format("; did you mean {}?", *near) : ""));
            return false;
        }
        document.kind = static_cast<DocumentKind>(found - kKinds.begin());
        document.body.erase("kind");
        return true;
    }

    bool take_name(Document& document) {
        const std::string_view field = kNameFields[static_cast<std::size_t>(document.kind)];
        const boost::json::value* name = document.body.if_contains(field);
        const auto* text = name == nullptr ? nullptr : name->if_string();
        if (text == nullptr || text->empty()) {
            note(document.tree, field,
                 fmt::format("a {} is named by {}, which is {}", to_string(document.kind), field,
                             name == nullptr   ? "missing"
                             : text == nullptr ? "not text (put it in quotes)"
                                               : "empty"));
            return false;
        }
        document.name = *text;
        // Jobs are told apart by their number, so several may have one name.
        if (document.kind != DocumentKind::job && !names_.emplace(document.kind, document.name).second) {
            note(document.tree, field,
                 fmt::format("the {} {} is here a second time", to_string(document.kind),
                             quoted(document.name)));
            return false;
        }
        return true;
    }

    const std::string& source_;
    std::vector<Document> documents_;
    std::vector<ErrorDetail> mistakes_;
    std::set<std::pair<DocumentKind, std::string>> names_;
};

Result<std::vector<Document>> read_all(Result<YamlFile> read) {
    if (!read) {
        return read.error();
    }
    YamlFile file = std::move(read).value();
    Reader reader(file.source);
    for (YamlNode& tree : file.documents) {
        if (!reader.is_full()) {
            reader.read(std::move(tree));
        }
    }
    return reader.finish();
}

}  // namespace

std::string_view to_string(DocumentKind kind) noexcept {
    return kKinds[static_cast<std::size_t>(kind)];
}

std::string Document::place_of(std::string_view field) const {
    return place(source, position_of(tree, field));
}

Result<std::vector<Document>> read_documents(const std::string& path) {
    return read_all(read_yaml(path, kFleetLimits));
}

Result<std::vector<Document>> parse_documents(std::string_view text, const std::string& source) {
    return read_all(parse_yaml(text, source, kFleetLimits));
}

}  // namespace muster::config
