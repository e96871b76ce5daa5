#include "daemon/store/sqlite/schema.hpp"

#include "daemon/store/sqlite/durable_file.hpp"
#include "daemon/store/sqlite/file_error.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace muster::store::sqlite {
namespace {

// Made before SQLite opens it, which would make it readable by all. SQLite gives
// its log the same mode.
Result<void> make_private_file(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return file_error(path, "made");
    }
    ::close(descriptor);
    return {};
}

Result<void> add_gateway(Database& database) {
    if (sodium_init() < 0) {
        return make_error(ErrorCode::internal, "the system gives no random bytes");
    }
    std::array<unsigned char, 16> key{};
    randombytes_buf(key.data(), key.size());
    auto statement = database.prepare("INSERT INTO gateway (one, operation_key, last_job) VALUES (1, ?, 0)");
    if (!statement) {
        return statement.error();
    }
    statement->bind_blob(1, key.data(), key.size());
    return statement->run();
}

Result<void> set_identity(Database& database, std::int64_t version) {
    return database.run(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, version).c_str());
}

Result<void> fill_new_store(const std::string& path) {
    auto opened = Database::open_writer(path);
    if (!opened) {
        return opened.error();
    }
    Database& database = **opened;
    return database.transact([&]() -> Result<void> {
        if (auto made = database.run(kSchema); !made) {
            return made;
        }
        if (auto added = add_gateway(database); !added) {
            return added;
        }
        return set_identity(database, schema_version());
    });
}

}  // namespace

std::int64_t schema_version() noexcept {
    return static_cast<std::int64_t>(kMigrations.size());
}

Result<void> create_store(const std::string& path) {
    const std::string unfinished = path + ".new";
    // What a crash in here has left behind.
    ::unlink(unfinished.c_str());
    ::unlink((unfinished + "-journal").c_str());
    if (auto made = make_private_file(unfinished); !made) {
        return made;
    }
    if (auto filled = fill_new_store(unfinished); !filled) {
        ::unlink(unfinished.c_str());
        return filled;
    }
    return rename_durably(unfinished, path);
}

Result<std::int64_t> identify(Database& database) {
    const auto application = database.number("PRAGMA application_id");
    if (!application) {
        return application.error();
    }
    if (*application != kApplicationId) {
        return make_error(ErrorCode::invalid,
                          "is not a store of muster: name another file, or restore this one from a "
                          "backup with musterd restore FILE");
    }
    const auto version = database.number("PRAGMA user_version");
    if (version && *version > schema_version()) {
        return make_error(
            ErrorCode::conflict,
            fmt::format(
                "was written by a newer muster (schema {}, this one knows {}): install that "
                "version again, or restore the backup made before the upgrade with musterd restore FILE",
                *version, schema_version()));
    }
    return version;
}

Result<void> migrate(Database& database, std::int64_t version) {
    for (; version < schema_version(); ++version) {
        const Migration& migration = kMigrations[static_cast<std::size_t>(version)];
        auto migrated = database.transact([&]() -> Result<void> {
            if (auto ran = database.run(migration.sql); !ran) {
                return ran;
            }
            return set_identity(database, version + 1);
        });
        if (!migrated) {
            return make_error(migrated.error().code,
                              fmt::format("migration {}: {}", migration.name, migrated.error().message));
        }
    }
    return {};
}

}  // namespace muster::store::sqlite
