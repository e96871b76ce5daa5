#include "daemon/store/sqlite/execution_pages.hpp"

#include "daemon/store/sqlite/codes.hpp"
#include "daemon/store/sqlite/execution_rows.hpp"
#include "daemon/store/sqlite/execution_walks.hpp"
#include "daemon/store/sqlite/row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace muster::store::sqlite {
namespace {

// What it costs to fetch a row that an index names, in steps along an index; and to sort it too.
constexpr std::size_t kFetchCost = 12;
constexpr std::size_t kSortCost = 16;

constexpr auto kHighestOrdinal = std::numeric_limits<std::uint32_t>::max();

constexpr std::string_view kIsDeleted = "SELECT 1 FROM deleted_jobs WHERE job = ?1";

// A place in a walk; absent: its beginning, or its end.
using Place = std::optional<ExecutionPosition>;

// SQLite's LIMIT for `most` rows; anything larger is no limit.
std::int64_t limit_of(std::size_t most) {
    return static_cast<std::int64_t>(std::min<std::uint64_t>(most, std::uint64_t{kHighestKey}));
}

// For LIKE, which knows no case of ASCII letters.
std::string pattern_of(const std::string& search) {
    std::string pattern = "%";
    for (const char c : search) {
        if (c == '%' || c == '_' || c == '\\') {
            pattern += '\\';
        }
        pattern += c;
    }
    return pattern + '%';
}

// position_of in SQL.
std::string_view key_of(ExecutionSort sort) {
    switch (sort) {
        case ExecutionSort::ordinal:
            return "";
        case ExecutionSort::device:
            return "device";
        case ExecutionSort::state:
            return "state";
        case ExecutionSort::attempts:
            return "iif(attempts = 0 AND state = 0, -1, attempts)";
        case ExecutionSort::last_sent_at:
            return "ifnull(last_sent_at, iif(state = 0, -1, 0))";
        case ExecutionSort::finished_at:
            return "ifnull(finished_at, 0)";
    }
    return "";
}

// Of the executions of a walk that is sorted by the ordinal alone.
std::int64_t common_key(const Walk& walk) {
    return walk.low == walk.high ? walk.low : 0;
}

std::size_t cost_of_step(const Walk& walk, std::string_view conditions) {
    const auto answers = is_by_device(walk) && (conditions.empty() || conditions == kSearchCondition);
    return walk.is_table || answers ? 1 : kFetchCost;
}

class PageReader {
public:
    PageReader(Database& database, const ExecutionQuery& query, const Told& told)
        : database_(database), query_(query), told_(told), pattern_(pattern_of(query.filter.search)) {}

    Result<ExecutionPage> read();

private:
    struct Stretch {
        Place from;  // with it
        Place to;    // without it
    };

    Result<Statement> prepare(const std::string& sql, const Stretch& stretch, std::size_t most);
    // Whether so few pass an indexed part of the filter that they are best sorted as they are found.
    Result<bool> are_few(const Walk& filtered);
    Result<void> read_few(const Walk& filtered);
    Result<void> read_walk(const Walk& walk);
    // Where a walk has to be left after `steps`; absent: it ends before.
    Result<Place> end_of(const Walk& walk, const Place& from, std::size_t steps);
    Result<Place> end_in_table(const Walk& walk, const Place& from, std::size_t steps);
    Result<Place> end_in_index(const Walk& walk, const Place& from, std::size_t steps);
    Result<Place> end_by_device(const Place& from, std::size_t steps);
    template <class Read>
    Result<Place> place_of(Result<Statement> statement, Read&& read);
    Result<void> take_rows(const std::string& rows, std::string_view key, const Stretch& stretch);
    Result<void> take_by_device(const Walk& walk, const Stretch& stretch);
    Result<void> take_rows(const std::string& source, const Stretch& stretch);

    [[nodiscard]] bool is_passed(const Walk& walk) const;
    [[nodiscard]] Place begin_of(const Walk& walk) const;
    [[nodiscard]] std::string from_sql(std::string_view key, const Place& from) const;
    [[nodiscard]] std::string to_sql(std::string_view key, const Place& to) const;
    [[nodiscard]] std::string order_sql(std::string_view key) const;

    Database& database_;
    const ExecutionQuery& query_;
    const Told& told_;
    const std::string pattern_;
    ExecutionPage page_;
};

Result<ExecutionPage> PageReader::read() {
    const auto* filtered = filtered_walk(query_.filter);
    const auto walks = walks_of(query_);
    const auto in_order = walks.size() == 1 && filtered != nullptr && walks.front().rows == filtered->rows;
    if (filtered != nullptr && !in_order) {
        const auto few = are_few(*filtered);
        if (!few) {
            return few.error();
        }
        if (*few) {
            const auto done = read_few(*filtered);
            return done ? Result<ExecutionPage>(std::move(page_)) : done.error();
        }
    }
    for (const auto& walk : walks) {
        if (is_passed(walk)) {
            continue;
        }
        if (const auto done = read_walk(walk); !done) {
            return done.error();
        }
        if (page_.next) {
            break;
        }
    }
    return std::move(page_);
}

Result<Statement> PageReader::prepare(const std::string& sql, const Stretch& stretch, std::size_t most) {
    if (told_) {
        told_(sql);
    }
    auto statement = database_.prepare(sql);
    if (!statement) {
        return statement;
    }
    const auto bind = [&statement](int parameter, const auto& value) {
        if (parameter <= statement->parameters()) {
            statement->bind(parameter, value);
        }
    };
    const auto bind_place = [&](const Place& place, int ordinal, int key) {
        if (place) {
            bind(ordinal, std::int64_t{place->ordinal});
            if (query_.sort == ExecutionSort::device) {
                bind(key, std::string_view(place->text));
            } else {
                bind(key, place->number);
            }
        }
    };
    const auto& filter = query_.filter;
    bind(kJob, code_of(query_.job));
    bind(kMost, limit_of(most));
    bind(kState, filter.state ? code_of(*filter.state) : std::int64_t{0});
    bind(kReason, filter.reason ? code_of(*filter.reason) : std::int64_t{0});
    bind(kMessage, filter.message ? std::string_view(*filter.message) : std::string_view());
    bind(kSearch, std::string_view(pattern_));
    bind_place(stretch.from, kFromOrdinal, kFromKey);
    bind_place(stretch.to, kToOrdinal, kToKey);
    return statement;
}

Result<bool> PageReader::are_few(const Walk& filtered) {
    const auto most = query_.examined / kSortCost;
    auto statement =
        prepare(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT ?3)", filtered.rows), {}, most + 1);
    if (!statement) {
        return statement.error();
    }
    const auto row = statement->step();
    return row ? Result<bool>(statement->number(0) <= limit_of(most)) : Result<bool>(row.error());
}

Result<void> PageReader::read_few(const Walk& filtered) {
    return take_rows(fmt::format("{}{}", filtered.rows, conditions_left(filtered, query_.filter)),
                     key_of(query_.sort), {query_.from, std::nullopt});
}

Result<void> PageReader::read_walk(const Walk& walk) {
    const auto conditions = conditions_left(walk, query_.filter);
    Stretch stretch{begin_of(walk), std::nullopt};
    if (!conditions.empty() || is_by_device(walk)) {
        const auto steps = std::max<std::size_t>(query_.examined / cost_of_step(walk, conditions), 1);
        auto end = end_of(walk, stretch.from, steps);
        if (!end) {
            return end.error();
        }
        stretch.to = std::move(*end);
    }
    const auto taken = is_by_device(walk) ? take_by_device(walk, stretch)
                                          : take_rows(std::string(walk.rows) + conditions, walk.key, stretch);
    if (!taken) {
        return taken;
    }
    if (!page_.next && stretch.to) {
        page_.next = stretch.to;
    }
    return {};
}

// In the numbers of the whole order, of which the walk holds those from low to high.
bool PageReader::is_passed(const Walk& walk) const {
    return query_.from &&
           (query_.descending ? query_.from->number < walk.low : query_.from->number > walk.high);
}

Place PageReader::begin_of(const Walk& walk) const {
    const auto& from = query_.from;
    return from && from->number >= walk.low && from->number <= walk.high ? from : std::nullopt;
}

Result<Place> PageReader::end_of(const Walk& walk, const Place& from, std::size_t steps) {
    return walk.is_table        ? end_in_table(walk, from, steps)
           : is_by_device(walk) ? end_by_device(from, steps)
                                : end_in_index(walk, from, steps);
}

// The place that `read` makes of the only row; absent: there is no row.
template <class Read>
Result<Place> PageReader::place_of(Result<Statement> statement, Read&& read) {
    if (!statement) {
        return statement.error();
    }
    const auto row = statement->step();
    if (!row) {
        return row.error();
    }
    return *row ? Place(read(*statement)) : Place();
}

// Ordinals have no gaps, so the place is known; only the last has to be looked up.
Result<Place> PageReader::end_in_table(const Walk& walk, const Place& from, std::size_t steps) {
    std::int64_t last = -1;
    const auto found =
        place_of(prepare("SELECT ifnull(max(ordinal), -1) FROM executions NOT INDEXED WHERE job = ?1", {}, 0),
                 [&last](const Statement& row) {
                     last = row.number(0);
                     return ExecutionPosition{};
                 });
    if (!found) {
        return found.error();
    }
    const auto far = static_cast<std::int64_t>(std::min<std::size_t>(steps, kHighestOrdinal));
    const auto first = query_.descending ? last : 0;
    const auto begin = from ? std::min<std::int64_t>(from->ordinal, last) : first;
    const auto end = query_.descending ? begin - far : begin + far;
    return end < 0 || end > last
               ? Place()
               : Place(ExecutionPosition{static_cast<std::uint32_t>(end), common_key(walk)});
}

Result<Place> PageReader::end_in_index(const Walk& walk, const Place& from, std::size_t steps) {
    const auto keyed = !walk.key.empty();
    const auto sql = fmt::format("SELECT ordinal{}{} FROM {}{} {} LIMIT 1 OFFSET ?3", keyed ? ", " : "",
                                 walk.key, walk.rows, from_sql(walk.key, from), order_sql(walk.key));
    return place_of(prepare(sql, {from, std::nullopt}, steps), [&](const Statement& row) {
        return ExecutionPosition{static_cast<std::uint32_t>(row.number(0)),
                                 keyed ? row.number(1) : common_key(walk)};
    });
}

// Executions of other jobs stand there too, those of one device in a row: the place is between devices.
Result<Place> PageReader::end_by_device(const Place& from, std::size_t steps) {
    const auto* behind = query_.descending ? " WHERE device < ?8" : " WHERE device > ?8";
    const auto sql = fmt::format(
        "SELECT device FROM executions INDEXED BY executions_by_device{} ORDER BY device {} "
        "LIMIT 1 OFFSET ?3",
        from ? behind : "", query_.descending ? "DESC" : "ASC");
    return place_of(prepare(sql, {from, std::nullopt}, steps), [&](const Statement& row) {
        return ExecutionPosition{query_.descending ? kHighestOrdinal : 0, 0, std::string(row.text(0))};
    });
}

std::string PageReader::from_sql(std::string_view key, const Place& from) const {
    if (!from) {
        return {};
    }
    const auto* than = query_.descending ? "<=" : ">=";
    return key.empty() ? fmt::format(" AND ordinal {} ?2", than)
                       : fmt::format(" AND ({}, ordinal) {} (?8, ?2)", key, than);
}

std::string PageReader::to_sql(std::string_view key, const Place& to) const {
    if (!to) {
        return {};
    }
    const auto* than = query_.descending ? ">" : "<";
    return key.empty() ? fmt::format(" AND ordinal {} ?9", than)
                       : fmt::format(" AND ({}, ordinal) {} (?10, ?9)", key, than);
}

std::string PageReader::order_sql(std::string_view key) const {
    const auto* direction = query_.descending ? "DESC" : "ASC";
    return key.empty()
               ? fmt::format("ORDER BY ordinal {}", direction)
               : fmt::format("ORDER BY {} {}, job {}, ordinal {}", key, direction, direction, direction);
}

Result<void> PageReader::take_rows(const std::string& rows, std::string_view key, const Stretch& stretch) {
    return take_rows(fmt::format("{}{}{} AND NOT EXISTS ({}) {}", rows, from_sql(key, stretch.from),
                                 to_sql(key, stretch.to), kIsDeleted, order_sql(key)),
                     stretch);
}

// SQLite would fetch each row that the index names, those of other jobs too. The order is that of
// the inner SELECT, which CROSS JOIN keeps: one outside would have all of it sorted first.
Result<void> PageReader::take_by_device(const Walk& walk, const Stretch& stretch) {
    auto filter = query_.filter;
    filter.search.clear();
    return take_rows(
        fmt::format("(SELECT ordinal AS place FROM {}{}{}{} {} LIMIT -1) CROSS JOIN executions NOT INDEXED "
                    "WHERE job = ?1 AND ordinal = place{} AND NOT EXISTS ({})",
                    walk.rows, query_.filter.search.empty() ? "" : kSearchCondition,
                    from_sql(walk.key, stretch.from), to_sql(walk.key, stretch.to), order_sql(walk.key),
                    conditions_left(walk, filter), kIsDeleted),
        stretch);
}

Result<void> PageReader::take_rows(const std::string& source, const Stretch& stretch) {
    const auto room = query_.most - page_.items.size();
    // One more than asked for, to know where the next page begins.
    auto statement = prepare(fmt::format("SELECT {} FROM {} LIMIT ?3", kExecutionColumns, source), stretch,
                             std::max(room, room + 1));
    if (!statement) {
        return statement.error();
    }
    return for_each_row(*statement, read_execution, [&](core::Execution&& execution) {
        if (page_.items.size() < query_.most) {
            page_.items.push_back(std::move(execution));
        } else {
            page_.next = position_of(execution, query_.sort);
        }
    });
}

}  // namespace

bool is_in_order(const ExecutionQuery& query) noexcept {
    return query.sort == ExecutionSort::ordinal && !query.descending;
}

bool is_plain(const ExecutionQuery& query) noexcept {
    const auto& filter = query.filter;
    return is_in_order(query) && !filter.state && !filter.reason && !filter.message && filter.search.empty();
}

Result<ExecutionPage> read_executions(Database& database, const ExecutionQuery& query) {
    return read_executions(database, query, {});
}

Result<ExecutionPage> read_executions(Database& database, const ExecutionQuery& query, const Told& told) {
    return PageReader(database, query, told).read();
}

}  // namespace muster::store::sqlite
