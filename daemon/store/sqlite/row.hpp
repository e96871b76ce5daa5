// Reads the columns of a row into the core's types. A value that no column of
// ours can hold marks the row as damaged instead of ending the process: the
// file may have been written by anything.
//
// Threads: those of the Statement.
#pragma once

#include "daemon/core/values.hpp"
#include "daemon/store/sqlite/codes.hpp"
#include "daemon/store/sqlite/statement.hpp"
#include "protocol/ids.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <utility>

namespace muster::store::sqlite {

[[nodiscard]] Error damaged_row(std::string_view table);

class Row {
public:
    explicit Row(const Statement& statement) noexcept : statement_(statement) {}

    template <class Number>
    [[nodiscard]] Number number(int column) noexcept {
        const std::int64_t stored = statement_.number(column);
        check(std::in_range<Number>(stored));
        return static_cast<Number>(stored);
    }
    template <class Enum>
    [[nodiscard]] Enum code(int column) noexcept {
        const std::int64_t stored = statement_.number(column);
        check(stored >= 0 && stored <= kLastCode<Enum>);
        return static_cast<Enum>(stored);
    }
    [[nodiscard]] bool flag(int column) const noexcept { return statement_.number(column) != 0; }
    [[nodiscard]] JobId job(int column) noexcept { return JobId{number<std::uint64_t>(column)}; }
    [[nodiscard]] TimePoint time(int column) const noexcept {
        return TimePoint(Milliseconds(statement_.number(column)));
    }
    [[nodiscard]] std::string text(int column) const { return std::string(statement_.text(column)); }
    [[nodiscard]] DeviceId device(int column);
    [[nodiscard]] boost::json::value json(int column);
    [[nodiscard]] core::Values values(int column);

    void check(bool sound) noexcept { sound_ = sound_ && sound; }

    // The finished row, or the error of a damaged one.
    template <class Value>
    [[nodiscard]] Result<Value> finish(Value value, std::string_view table) const {
        if (!sound_) {
            return damaged_row(table);
        }
        return value;
    }

private:
    const Statement& statement_;
    bool sound_ = true;
};

// Steps through the whole result and hands each row's `read` to `take`.
// `read(statement)` returns Result<T>.
template <class Read, class Take>
[[nodiscard]] Result<void> for_each_row(Statement& statement, Read&& read, Take&& take) {
    const Rewind rewind(statement);
    for (;;) {
        const auto more = statement.step();
        if (!more) {
            return more.error();
        }
        if (!*more) {
            return {};
        }
        auto value = read(statement);
        if (!value) {
            return value.error();
        }
        take(std::move(*value));
    }
}

}  // namespace muster::store::sqlite
