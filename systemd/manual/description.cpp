#include "systemd/manual/description.hpp"

#include <algorithm>
#include <map>
#include <regex>

namespace muster::manual {
namespace {

std::vector<std::string> split(const std::string& text, const std::regex& separator) {
    return {std::sregex_token_iterator(text.begin(), text.end(), separator, -1), {}};
}

}  // namespace

std::string joined(const std::vector<std::string>& words, const char* separator) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : separator) + word;
    }
    return text;
}

Completion completion_of(const std::string& value, const std::string& help) {
    static const std::regex choice("[a-z]+(\\|[a-z]+)+");
    static const std::regex list("[\\w.]+(, [\\w.]+)* or [\\w.]+");
    static const std::map<std::string, Source, std::less<>> sources{
        {"FILE", Source::file},      {"JOB", Source::jobs},   {"SET", Source::sets},
        {"DEVICE", Source::devices}, {"ID", Source::devices}, {"TEMPLATE", Source::templates}};
    if (std::regex_match(value, choice)) {
        return {Source::words, split(value, std::regex("\\|"))};
    }
    if (std::regex_match(help, list)) {
        return {Source::words, split(help, std::regex(", | or "))};
    }
    const auto found = sources.find(value);
    return {found == sources.end() ? Source::nothing : found->second};
}

}  // namespace muster::manual
