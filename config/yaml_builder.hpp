// Trees of YamlNode from the events of yaml-cpp's parser. Part of the reader in
// yaml.cpp; nobody else includes it.
//
// Threads: one reader's own.
#pragma once

#include "config/yaml.hpp"
#include "config/yaml_mistakes.hpp"
#include "config/yaml_source.hpp"

#include <yaml-cpp/eventhandler.h>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace muster::config {

// Aliases arrive as events and are never expanded, so a bomb of them costs
// nothing. Throws Stop, through the parser, where reading on makes no sense.
class Builder final : public YAML::EventHandler {
public:
    Builder(std::string_view text, const YamlLimits& limits, Source& source, Mistakes& mistakes)
        : text_(text), limits_(limits), source_(source), mistakes_(mistakes) {}

    [[nodiscard]] std::vector<YamlNode> take() { return std::move(documents_); }
    // Where the last event was.
    [[nodiscard]] Position reached() const { return reached_; }

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override { close(); }

private:
    // A list or mapping whose end has not come yet.
    struct Open {
        YamlNode node;
        std::optional<std::pair<std::string, Position>> key;  // its value comes next
        std::unordered_set<std::string> keys;
    };

    void enter(const YAML::Mark& mark);
    // The text from the mark on.
    [[nodiscard]] std::string_view rest(const YAML::Mark& mark) const;
    [[nodiscard]] bool expects_key() const;
    void refuse_properties(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag);
    [[nodiscard]] YamlNode::Value plain_value(const std::string& text, const YAML::Mark& mark);
    void set_key(const std::string& key, Position at);
    void open(YamlNode node);
    void close();
    void add(YamlNode node);

    std::string_view text_;
    const YamlLimits& limits_;
    Source& source_;
    Mistakes& mistakes_;
    std::vector<YamlNode> documents_;
    std::vector<Open> open_;
    Position reached_;
    std::size_t started_ = 0;
    std::size_t nodes_ = 0;
};

}  // namespace muster::config
