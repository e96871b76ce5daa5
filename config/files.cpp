#include "config/files.hpp"

#include "config/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <sys/stat.h>
#include <system_error>

namespace muster::config {
namespace {

// MQTT carries a password with a length of 16 bits.
constexpr std::size_t kPasswordBytes = 65'535;
// As broker.user.
constexpr std::size_t kUserBytes = 256;
// A password with its line ending.
constexpr std::size_t kPasswordFileBytes = kPasswordBytes + 2;

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

Error cannot_read(const std::string& path, int number) {
    const ErrorCode code = number == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
    return make_error(code, fmt::format("cannot read {}: {}", path, std::generic_category().message(number)));
}

// What the file holds, without the newline that ends it.
Result<std::string> read_line(const std::string& path) {
    auto line = read_file(path, kPasswordFileBytes);
    if (line && line->ends_with('\n')) {
        line->pop_back();
        if (line->ends_with('\r')) {
            line->pop_back();
        }
    }
    return line;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most_bytes) {
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
    if (!file) {
        return cannot_read(path, errno);
    }
    std::string bytes;
    std::array<char, 16 * 1024> piece{};
    while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), file.get())) {
        bytes.append(piece.data(), count);
        if (bytes.size() > most_bytes) {
            return make_error(ErrorCode::too_large,
                              fmt::format("{} is over {} bytes, the most that is read", path, most_bytes));
        }
    }
    if (std::ferror(file.get()) != 0) {
        return cannot_read(path, errno);
    }
    return bytes;
}

Result<std::string> read_password(const std::string& path) {
    auto password = read_line(path);
    if (password && (password->empty() || password->find('\0') != std::string::npos ||
                     password->size() > kPasswordBytes)) {
        return make_error(
            ErrorCode::invalid,
            fmt::format("{} does not hold a password: 1 to {} bytes without a NUL", path, kPasswordBytes));
    }
    return password;
}

Result<std::string> read_user(const std::string& path) {
    auto user = read_line(path);
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; };
    if (user && (user->empty() || user->size() > kUserBytes || first_bad_byte(*user) ||
                 std::ranges::any_of(*user, is_control))) {
        return make_error(
            ErrorCode::invalid,
            fmt::format("{} does not hold a user name: one line of 1 to {} bytes", path, kUserBytes));
    }
    return user;
}

std::optional<std::string> exposed_to_others(const std::string& path) {
    struct stat status {};
    if (path.empty() || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
        (status.st_mode & (S_IROTH | S_IWOTH)) == 0) {
        return std::nullopt;
    }
    return fmt::format("{} is a secret that every user of this machine can {}; try chmod o= {}", path,
                       (status.st_mode & S_IROTH) != 0 ? "read" : "change", path);
}

}  // namespace muster::config
