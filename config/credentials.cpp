#include "config/credentials.hpp"

#include "config/option_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unistd.h>

namespace muster::config {
namespace {

constexpr std::string_view kPrefix = "credential:";
constexpr std::size_t kNameBytes = 255;

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_@").find(c) != std::string_view::npos;
}

// What is wrong with a credential in `directory`; nullopt: it is there.
std::optional<std::string> complaint_about(std::string_view name, std::string_view directory,
                                           const std::string& path) {
    if (directory.empty()) {
        return fmt::format(
            "names the credential {0}, but systemd gave musterd none: it does so for a unit with "
            "LoadCredential={0}:/path/of/its/file",
            name);
    }
    if (::access(path.c_str(), R_OK) != 0) {
        return fmt::format(
            "names the credential {0}, which systemd did not give musterd: the unit needs "
            "LoadCredential={0}:/path/of/its/file",
            name);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string_view> credential_name(std::string_view file) noexcept {
    return file.starts_with(kPrefix) ? std::optional(file.substr(kPrefix.size())) : std::nullopt;
}

bool is_credential_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= kNameBytes && name != "." && name != ".." &&
           std::ranges::all_of(name, is_name_character);
}

Result<DaemonOptions> with_credentials(DaemonOptions options, const char* directory) {
    const std::string_view folder = directory == nullptr ? "" : directory;
    std::vector<ErrorDetail> missing;
    for (const Option& option : option_table()) {
        const auto value = option.field.get(options);
        if (!option.key.ends_with("_file") || !value.is_string()) {
            continue;
        }
        const auto name = credential_name(std::string_view(value.get_string()));
        if (!name) {
            continue;
        }
        const auto path = fmt::format("{}/{}", folder, *name);
        if (auto complaint = complaint_about(*name, folder, path)) {
            missing.push_back({std::string(option.key), std::move(*complaint)});
        } else {
            option.field.set(options, boost::json::string(path));
        }
    }
    if (missing.empty()) {
        return options;
    }
    return make_error(ErrorCode::not_found, "the configuration names credentials that are not there",
                      std::move(missing));
}

}  // namespace muster::config
