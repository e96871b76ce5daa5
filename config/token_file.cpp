#include "config/token_file.hpp"

#include "config/files.hpp"
#include "protocol/ids.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace muster::config {
namespace {

constexpr std::size_t kFileBytes = 1024 * 1024;
constexpr std::size_t kHashBytes = 32;
constexpr const char* kHead =
    "# Who may use the HTTP API of muster: name, role, created, hash of the token.\n"
    "# Written by muster token.\n";

std::optional<Role> parse_role(std::string_view text) {
    for (const auto role : {Role::none, Role::viewer, Role::operator_role, Role::admin}) {
        if (to_string(role) == text) {
            return role;
        }
    }
    return std::nullopt;
}

bool is_hash(std::string_view text) {
    return text.size() == 2 * kHashBytes &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// What is wrong with a line, or the token it holds.
Result<Token> parse_line(const std::string& line) {
    std::istringstream words(line);
    Token token;
    std::string role;
    std::string rest;
    words >> token.name >> role >> token.created_at >> token.hash;
    if (token.hash.empty() || words >> rest) {
        return invalid({}, "a line has four words: name, role, created, hash");
    }
    if (!is_plain_name(token.name, limits::kUserNameLength)) {
        return invalid({}, "the name must be 1 to 64 of letters, digits, _ and -");
    }
    const auto parsed = parse_role(role);
    if (!parsed) {
        return invalid({}, "the role must be none, viewer, operator or admin");
    }
    token.role = *parsed;
    if (!is_hash(token.hash)) {
        return invalid({}, "the hash must be 64 hexadecimal digits");
    }
    return token;
}

Error cannot_write(const std::string& path) {
    return make_error(ErrorCode::unavailable, fmt::format("cannot write {}: {}", path, std::strerror(errno)));
}

// Owner, group and mode of the file that is there, if one is.
bool keep_access(const std::string& path, int descriptor) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return true;
    }
    return ::fchown(descriptor, status.st_uid, status.st_gid) == 0 &&
           ::fchmod(descriptor, status.st_mode & 07777) == 0;
}

bool write_all(int descriptor, std::string_view text) {
    return ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// So that what was revoked stays revoked when the power fails.
Result<void> sync_folder(const std::string& path) {
    auto folder = std::filesystem::path(path).parent_path().string();
    folder = folder.empty() ? "." : folder;
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const auto failed = cannot_write(folder);
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return synced ? Result<void>() : failed;
}

}  // namespace

std::string new_token() {
    MUSTER_INVARIANT(sodium_init() >= 0);  // else there are no random bytes
    std::array<unsigned char, 32> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    constexpr auto kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
    text.pop_back();  // the NUL
    return "mt1_" + text;
}

std::string hash_of_token(std::string_view token) {
    std::array<unsigned char, kHashBytes> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()),
                       token.size(), nullptr, 0);
    std::string text(2 * kHashBytes + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
    text.pop_back();
    return text;
}

Result<std::vector<Token>> parse_tokens(std::string_view text, const std::string& source) {
    std::vector<Token> tokens;
    std::vector<ErrorDetail> mistakes;
    std::istringstream lines{std::string(text)};
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        auto token = parse_line(line);
        if (token && std::ranges::count(tokens, token->name, &Token::name) != 0) {
            token = invalid({}, "the name is there a second time");
        }
        if (token && tokens.size() < kMostTokens) {
            tokens.push_back(std::move(token).value());
        } else {
            mistakes.push_back(
                {fmt::format("{}:{}", source, number),
                 token ? fmt::format("at most {} tokens are allowed", kMostTokens) : token.error().message});
        }
    }
    if (!mistakes.empty()) {
        return make_error(ErrorCode::invalid, source + " is no file of tokens", std::move(mistakes));
    }
    return tokens;
}

Result<std::vector<Token>> read_tokens(const std::string& path) {
    const auto text = read_file(path, kFileBytes);
    return text ? parse_tokens(*text, path) : Result<std::vector<Token>>(text.error());
}

Result<void> write_tokens(const std::string& path, const std::vector<Token>& tokens) {
    std::string text = kHead;
    for (const auto& token : tokens) {
        text += fmt::format("{} {} {} {}\n", token.name, to_string(token.role), token.created_at, token.hash);
    }
    // A link stays one, and who may read the file still may.
    std::error_code none;
    const auto canonical = std::filesystem::canonical(path, none);
    const auto target = none ? path : canonical.string();
    const auto unfinished = target + ".new";
    ::unlink(unfinished.c_str());
    const int descriptor =
        ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (descriptor < 0) {
        return cannot_write(unfinished);
    }
    const bool written =
        keep_access(target, descriptor) && write_all(descriptor, text) && ::fsync(descriptor) == 0;
    const auto failed = cannot_write(unfinished);
    ::close(descriptor);
    if (!written) {
        ::unlink(unfinished.c_str());
        return failed;
    }
    if (::rename(unfinished.c_str(), target.c_str()) != 0) {
        return cannot_write(target);
    }
    return sync_folder(target);
}

}  // namespace muster::config
