#include "config/yaml.hpp"

#include "config/files.hpp"
#include "config/yaml_builder.hpp"
#include "config/yaml_mistakes.hpp"
#include "config/yaml_source.hpp"
#include "config/yaml_text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <utility>

namespace muster::config {
namespace {

Position position_at(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t newline = before.rfind('\n');
    return {lines + 1, newline == std::string_view::npos ? before.size() + 1 : before.size() - newline};
}

// Throws Stop; every other exception is turned into a mistake.
std::vector<YamlNode> build(std::string_view text, const YamlLimits& limits, Mistakes& mistakes) {
    if (const auto bad = first_bad_byte(text)) {
        mistakes.stop(position_at(text, *bad), "is not a character that a file in UTF-8 may hold here");
    }
    Source source(text, limits.value_bytes);
    std::istream stream(&source);
    Builder builder(text, limits, source, mistakes);
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Source::Exhausted&) {
        mistakes.stop(builder.reached(),
                      fmt::format("here or next begins a value of over {} bytes", limits.value_bytes));
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
