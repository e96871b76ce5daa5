#include "daemon/cli/mosquitto_configuration.hpp"

#include <charconv>
#include <sstream>

namespace muster::cli {
namespace {

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && stop == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

void read_mosquitto_configuration(std::string_view text, MosquittoConfiguration& configuration) {
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string name;
        std::string value;
        words >> name >> value;
        if (name == "max_queued_messages") {
            configuration.queued_messages = number_in(value).value_or(configuration.queued_messages);
        } else if (name == "include_dir") {
            configuration.include_dir = value;
        }
    }
}

std::optional<std::uint64_t> descriptor_limit(std::string_view limits) {
    constexpr std::string_view kName = "Max open files";
    std::istringstream lines{std::string(limits)};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(kName)) {
            std::istringstream words(line.substr(kName.size()));
            std::string soft;
            words >> soft;
            return number_in(soft);
        }
    }
    return std::nullopt;
}

std::string configuration_argument(std::string_view command_line) {
    std::istringstream words{std::string(command_line)};
    std::string before;
    for (std::string word; std::getline(words, word, '\0');) {
        if (before == "-c" || before == "--config-file") {
            return word.starts_with('/') ? word : std::string();
        }
        before = std::move(word);
    }
    return {};
}

}  // namespace muster::cli
