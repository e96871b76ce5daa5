#include "daemon/store/sqlite/backup.hpp"

#include "daemon/store/sqlite/durable_file.hpp"
#include "daemon/store/sqlite/file_error.hpp"
#include "daemon/store/sqlite/journal.hpp"
#include "daemon/store/sqlite/schema.hpp"
#include "daemon/store/sqlite/verify.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace muster::store {
namespace {

namespace files = std::filesystem;
using sqlite::about;
using sqlite::Database;

// Files that belong to a store.
constexpr std::string_view kBesideStore[] = {"", "-wal", "-shm", "-journal", ".lock", ".new", ".restoring"};

Result<std::string> target_of(const std::string& store, const std::string& file, bool replace) {
    auto target = sqlite::real_path(file);
    if (!target) {
        return target;
    }
    std::error_code error;
    for (const auto ending : kBesideStore) {
        const auto part = store + std::string(ending);
        if (*target == part || files::equivalent(*target, part, error)) {
            return make_error(ErrorCode::invalid,
                              fmt::format("{}: belongs to the store itself: name another file", *target));
        }
    }
    if (files::is_directory(*target, error)) {
        return make_error(ErrorCode::invalid, fmt::format("{}: is a folder: name a file in it", *target));
    }
    if (!replace && files::exists(files::symlink_status(*target, error))) {
        return make_error(
            ErrorCode::conflict,
            fmt::format("{}: is there already: name another file, or replace it with --force", *target));
    }
    return target;
}

Error no_space(const std::string& target, std::uint64_t needed) {
    return make_error(
        ErrorCode::unavailable,
        fmt::format("{}: no space is left for the backup, which takes about {} KiB; {} KiB are free: free "
                    "some, or name a file on another disk",
                    target, needed / 1024 + 1, sqlite::free_bytes(target) / 1024));
}

// Of the copy: without the pages that are free.
Result<std::uint64_t> size_of(Database& source) {
    const auto size = source.number(
        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(), "
        "pragma_freelist_count(), pragma_page_size()");
    return size ? Result<std::uint64_t>(static_cast<std::uint64_t>(*size)) : size.error();
}

Result<void> copy_into(Database& source, const std::string& copy) {
    auto statement = source.prepare("VACUUM INTO ?");
    if (!statement) {
        return statement.error();
    }
    statement->bind(1, copy);
    return statement->run();
}

// What waits in the copy's journal goes into its tables, so that they are all that
// there is to verify, and to look at. Those of older schemas have none.
Result<void> settle_journal(const std::string& path) {
    auto copy = Database::open_writer(path);
    const auto version = copy ? sqlite::identify(**copy) : Result<std::int64_t>(copy.error());
    if (!version || *version < sqlite::schema_version()) {
        return version ? Result<void>() : version.error();
    }
    auto writer = sqlite::Writer::prepare(**copy);
    if (!writer) {
        return writer.error();
    }
    const auto settled = sqlite::Journal::open(**copy, std::move(*writer));
    return settled ? Result<void>() : settled.error();
}

Result<StoreContents> verify_file(const std::string& path) {
    auto copy = Database::open_source(path);
    if (!copy) {
        return copy.error();
    }
    return sqlite::verify(**copy);
}

}  // namespace

Result<StoreContents> back_up(const std::string& path, const std::string& file, bool replace) {
    const auto store = sqlite::real_path(path);
    if (!store) {
        return store.error();
    }
    std::error_code error;
    if (!files::exists(*store, error)) {
        return make_error(ErrorCode::not_found, fmt::format("{}: there is no store", *store));
    }
    const auto target = target_of(*store, file, replace);
    if (!target) {
        return target.error();
    }
    auto source = Database::open_source(*store);
    const auto version = source ? sqlite::identify(**source) : Result<std::int64_t>(source.error());
    const auto size = version ? size_of(**source) : Result<std::uint64_t>(version.error());
    if (!size) {
        return about(*store, size.error());
    }
    if (*size > sqlite::free_bytes(*target)) {
        return no_space(*target, *size);
    }
    auto copy = sqlite::UnfinishedFile::make(*target + ".unfinished");
    if (!copy) {
        return copy.error();
    }
    if (const auto copied = copy_into(**source, copy->path()); !copied) {
        return (*source)->take_state() == StoreState::full ? no_space(*target, *size)
                                                           : about(*store, copied.error());
    }
    if (const auto settled = settle_journal(copy->path()); !settled) {
        return settled.error().code == ErrorCode::unavailable ? no_space(*target, *size)
                                                              : about(*store, settled.error());
    }
    if (const auto synced = copy->sync(); !synced) {
        return synced.error();
    }
    const auto contents = verify_file(copy->path());
    if (!contents) {
        return make_error(contents.error().code,
                          fmt::format("{}: the backup {}, and was thrown away: see what the kernel says of "
                                      "both disks",
                                      *target, contents.error().message));
    }
    if (const auto named = copy->finish(*target, replace); !named) {
        return named.error();
    }
    return contents;
}

namespace sqlite {

std::string time_name(TimePoint time) {
    const std::string whole = format_utc(time);
    std::string text;
    for (const char c : whole.substr(0, whole.find('.'))) {
        if (c != '-' && c != ':') {
            text += c;
        }
    }
    return text.ends_with('Z') ? text : text + 'Z';
}

Result<std::string> real_path(const std::string& path) {
    std::error_code error;
    const files::path absolute = files::weakly_canonical(files::absolute(path, error), error);
    if (error) {
        return make_error(ErrorCode::invalid, fmt::format("{}: {}", path, error.message()));
    }
    const files::path directory = absolute.parent_path();
    if (!files::is_directory(directory, error)) {
        return make_error(ErrorCode::invalid,
                          fmt::format("{}: there is no such directory: make it, owned by the user that "
                                      "musterd runs as",
                                      directory.string()));
    }
    return absolute.string();
}

Error about(const std::string& path, const Error& error) {
    return make_error(error.code, fmt::format("{}: {}", path, error.message), error.details);
}

}  // namespace sqlite

}  // namespace muster::store
