#include "config/files.hpp"

#include <fmt/format.h>

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
// A password with its line ending.
constexpr std::size_t kPasswordFileBytes = kPasswordBytes + 2;

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

Error cannot_read(const std::string& path, int number) {
    const ErrorCode code = number == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
    return make_error(code, fmt::format("cannot read {}: {}", path, std::generic_category().message(number)));
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
    Result<std::string> bytes = read_file(path, kPasswordFileBytes);
    if (!bytes) {
        return bytes;
    }
    std::string password = std::move(bytes).value();
    if (password.ends_with('\n')) {
        password.pop_back();
        if (password.ends_with('\r')) {
            password.pop_back();
        }
    }
    if (password.empty() || password.find('\0') != std::string::npos || password.size() > kPasswordBytes) {
        return make_error(
            ErrorCode::invalid,
            fmt::format("{} does not hold a password: 1 to {} bytes without a NUL", path, kPasswordBytes));
    }
    return password;
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
