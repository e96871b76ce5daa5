#include "daemon/store/sqlite/file_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace muster::store::sqlite {

bool is_no_space(int error) noexcept {
    return error == ENOSPC || error == EDQUOT;
}

std::string_view advice(int error) noexcept {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return ": free some space on its disk";
        case EROFS:
            return ": mount it to be written, or name another place with store.path";
        case EACCES:
        case EPERM:
            return ": give it to the user that musterd runs as";
        default:
            return "";
    }
}

std::string restore_advice(const std::string& path) {
    return fmt::format(
        "restore it from a backup: stop musterd and run musterd restore FILE, where FILE is one that "
        "musterd backup FILE has made, both with musterd's --config; {} is kept aside",
        path);
}

Error file_error(const std::string& path, std::string_view what) {
    const int error = errno;
    return make_error(is_no_space(error) ? ErrorCode::unavailable : ErrorCode::internal,
                      fmt::format("{}: cannot be {}: {}{}", path, what,
                                  std::generic_category().message(error), advice(error)));
}

}  // namespace muster::store::sqlite
