#include "daemon/store/sqlite/statement.hpp"

#include "daemon/store/sqlite/database.hpp"

#include <sqlite3.h>

namespace muster::store::sqlite {

// SQLITE_STATIC without the old-style cast of its definition.
static constexpr sqlite3_destructor_type kNotCopied = nullptr;

void Statement::Finalize::operator()(sqlite3_stmt* handle) const noexcept {
    sqlite3_finalize(handle);
}

// Binding fails only when the parameter does not exist or the statement is
// still running: both are mistakes of this folder.

void Statement::bind(int parameter, std::int64_t value) noexcept {
    MUSTER_INVARIANT(sqlite3_bind_int64(handle_.get(), parameter, value) == SQLITE_OK);
}

void Statement::bind(int parameter, std::string_view text) noexcept {
    const char* bytes = text.data() == nullptr ? "" : text.data();
    MUSTER_INVARIANT(sqlite3_bind_text64(handle_.get(), parameter, bytes, text.size(), kNotCopied,
                                         SQLITE_UTF8) == SQLITE_OK);
}

void Statement::bind(int parameter, TimePoint time) noexcept {
    if (time == TimePoint{}) {
        bind_null(parameter);
    } else {
        bind(parameter, std::int64_t{time.time_since_epoch().count()});
    }
}

void Statement::bind_blob(int parameter, const void* bytes, std::size_t size) noexcept {
    MUSTER_INVARIANT(sqlite3_bind_blob64(handle_.get(), parameter, bytes, size, kNotCopied) == SQLITE_OK);
}

void Statement::bind_null(int parameter) noexcept {
    MUSTER_INVARIANT(sqlite3_bind_null(handle_.get(), parameter) == SQLITE_OK);
}

int Statement::parameters() const noexcept {
    return sqlite3_bind_parameter_count(handle_.get());
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        return false;
    }
    return storage_error(sqlite3_db_handle(handle_.get()));
}

Result<void> Statement::run() {
    const Rewind rewind(*this);
    for (;;) {
        const auto row = step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return {};
        }
    }
}

// Repeats the error of the last step, which step() has returned already.
void Statement::rewind() noexcept {
    sqlite3_reset(handle_.get());
}

std::int64_t Statement::number(int column) const noexcept {
    return sqlite3_column_int64(handle_.get(), column);
}

std::string_view Statement::text(int column) const noexcept {
    // In this order: asking for the text settles its length.
    const void* bytes = sqlite3_column_blob(handle_.get(), column);
    const int size = sqlite3_column_bytes(handle_.get(), column);
    return bytes == nullptr
               ? std::string_view{}
               : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

}  // namespace muster::store::sqlite
