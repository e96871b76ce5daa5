// Looks into a store's file behind its back.
#pragma once

#include "tests/support/temp_dir.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace muster::test {

// Runs `sql` on the file and returns every value of every row, a line each.
inline std::string raw_sql(const std::string& path, const std::string& sql) {
    sqlite3* opened = nullptr;
    sqlite3_open(path.c_str(), &opened);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle(opened, sqlite3_close);
    std::string text;
    const auto collect = [](void* to, int columns, char** values, char**) {
        for (int column = 0; column < columns; ++column) {
            *static_cast<std::string*>(to) +=
                std::string(values[column] == nullptr ? "NULL" : values[column]) + "\n";
        }
        return 0;
    };
    if (sqlite3_exec(handle.get(), sql.c_str(), collect, &text, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(handle.get()));
    }
    return text;
}

}  // namespace muster::test
