// A prepared statement: bind, step, read the columns, start over.
//
// Threads: those of its Database. It must not outlive the Database.
#pragma once

#include "protocol/result.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

struct sqlite3_stmt;

namespace muster::store::sqlite {

class Statement {
public:
    Statement() = default;
    // Takes ownership.
    explicit Statement(sqlite3_stmt* handle) noexcept : handle_(handle) {}

    [[nodiscard]] explicit operator bool() const noexcept { return handle_ != nullptr; }

    // Parameters count from 1 and keep their values over rewind(). Text is not
    // copied: it must live until the statement is rewound.
    void bind(int parameter, std::int64_t value) noexcept;
    void bind(int parameter, std::string_view text) noexcept;
    // The epoch, which stands for a time that has not come, is stored as NULL.
    void bind(int parameter, TimePoint time) noexcept;
    void bind_blob(int parameter, const void* bytes, std::size_t size) noexcept;
    void bind_null(int parameter) noexcept;

    // The highest of its parameters.
    [[nodiscard]] int parameters() const noexcept;

    // True: there is a row to read. False: done. Errors: see storage_error.
    [[nodiscard]] Result<bool> step();
    // Runs to the end and rewinds, also after an error.
    [[nodiscard]] Result<void> run();
    // Ends the read that step() began; text of columns is gone after it.
    void rewind() noexcept;

    // Columns of the row, from 0. NULL reads as 0 and "".
    [[nodiscard]] std::int64_t number(int column) const noexcept;
    [[nodiscard]] std::string_view text(int column) const noexcept;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// Rewinds when it goes out of scope, so that no read stays open behind a page:
// an open read keeps the log from being reused.
class Rewind {
public:
    explicit Rewind(Statement& statement) noexcept : statement_(statement) {}
    ~Rewind() { statement_.rewind(); }
    Rewind(const Rewind&) = delete;
    Rewind& operator=(const Rewind&) = delete;

private:
    Statement& statement_;
};

}  // namespace muster::store::sqlite
