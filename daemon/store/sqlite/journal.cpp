#include "daemon/store/sqlite/journal.hpp"

#include "daemon/store/sqlite/codes.hpp"
#include "daemon/store/sqlite/execution_pages.hpp"
#include "daemon/store/sqlite/journal_record.hpp"
#include "daemon/store/sqlite/row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <variant>

namespace muster::store::sqlite {
namespace {

constexpr const char* kAll = "SELECT number, changes FROM journal ORDER BY number";
constexpr const char* kAdd = "INSERT INTO journal (number, changes) VALUES (?, ?)";
constexpr const char* kDelete = "DELETE FROM journal WHERE number BETWEEN ? AND ?";

// A millisecond or two.
constexpr std::uint32_t kMadeByTidy = 250;
constexpr std::uint32_t kMadeForReader = 8;  // times as many as with a write

// What is left when `later` follows on `earlier`, both for the same row.
void follow(core::Change& earlier, core::Change later) {
    if (auto* execution = std::get_if<core::PutExecution>(&later)) {
        auto& before = std::get<core::PutExecution>(earlier).execution;
        if (execution->execution.old_values.empty()) {
            execution->execution.old_values = std::move(before.old_values);
        }
    } else if (const auto* presence = std::get_if<core::PutPresence>(&later)) {
        if (auto* device = std::get_if<core::PutDevice>(&earlier)) {
            device->device.online = presence->online;
            device->device.presence_since = presence->since;
            return;
        }
    }
    earlier = std::move(later);
}

// `change` is of a device or its presence.
const std::string& device_of(const core::Change& change) {
    const auto* device = std::get_if<core::PutDevice>(&change);
    return (device != nullptr ? device->device.id : std::get<core::PutPresence>(change).device).text();
}

}  // namespace

Result<Journal> Journal::open(Database& database, Writer writer, std::size_t most,
                              std::uint32_t made_at_once) {
    Journal journal(database, std::move(writer), most, made_at_once);
    auto add = database.prepare(kAdd);
    auto remove = add ? database.prepare(kDelete) : add.error();
    if (!remove) {
        return remove.error();
    }
    journal.add_ = std::move(*add);
    journal.delete_ = std::move(*remove);
    if (auto replayed = journal.replay(); !replayed) {
        return replayed.error();
    }
    return journal;
}

Result<void> Journal::replay() {
    auto all = database_->prepare(kAll);
    if (!all) {
        return all.error();
    }
    using Numbered = std::pair<std::int64_t, std::vector<core::Change>>;
    const auto read = [](const Statement& row) -> Result<Numbered> {
        auto changes = read_changes(row.text(1));
        return changes ? Result<Numbered>(Numbered{row.number(0), std::move(*changes)}) : changes.error();
    };
    auto kept = for_each_row(*all, read, [this](Numbered&& row) {
        last_row_ = row.first;
        for (auto& change : row.second) {
            if (auto* created = std::get_if<core::CreateExecutions>(&change)) {
                making_.emplace_back(std::move(*created), row.first);
            } else {
                keep(std::move(change), row.first);
            }
        }
    });
    if (!kept || (waiting_.empty() && making_.empty())) {
        return kept;
    }
    replayed_ = true;
    auto settled = database_->transact([this] { return settle(); });
    ended(settled.has_value());
    return settled;
}

Result<void> Journal::write(std::span<const core::Change> changes) {
    const bool too_many = changes.size() > most_;
    const auto all = waiting_.size() + changes.size();
    const auto due = too_many ? waiting_.size() : all - std::min(all, most_);
    if (auto written = write_rows(due); !written) {
        return written;
    }
    if (auto made = make_some(made_at_once_); !made) {
        return made;
    }
    bool through = too_many;
    for (const auto& change : changes) {
        if (needs_rows(change)) {
            if (auto written = write_all(change); !written) {
                return written;
            }
            through = true;  // what follows may build on its rows
        }
        const auto* created = std::get_if<core::CreateExecutions>(&change);
        if (through || !is_journaled(change)) {
            if (auto written = apply(change); !written) {
                return written;
            }
        } else if (created != nullptr) {
            if (auto gone = writer_.remove_left_behind(created->job); !gone) {
                return gone;
            }
            // What is there stays as it is, and would not be told from what is still to be made.
            const auto there = database_->number(fmt::format(
                "SELECT EXISTS (SELECT 1 FROM executions WHERE job = {})", code_of(created->job)));
            if (!there) {
                return there.error();
            }
            if (*there == 0) {
                created_.push_back(*created);
            } else if (auto written = writer_.apply(change); !written) {
                return written;
            }
        } else {
            append_change(bytes_, change);
            taken_.push_back(change);
        }
    }
    return add_rows();
}

bool Journal::needs_rows(const core::Change& change) const {
    const auto waits_for = [this](JobId job) {
        return by_job_.contains(job) || std::ranges::any_of(taken_, [job](const core::Change& taken) {
                   const auto* execution = std::get_if<core::PutExecution>(&taken);
                   return execution != nullptr && execution->execution.job == job;
               });
    };
    if (const auto* created = std::get_if<core::CreateExecutions>(&change)) {
        return waits_for(created->job) || is_being_made(created->job) ||
               std::ranges::count(created_, created->job, &core::CreateExecutions::job) > 0;
    }
    return std::holds_alternative<core::DeleteJob>(change) ||
           std::holds_alternative<core::DeleteDevice>(change) ||
           std::holds_alternative<core::PutLateAnswer>(change);
}

// What waits, then what this commit would have put behind it: `change` builds on it.
Result<void> Journal::write_all(const core::Change& change) {
    Result<void> ready;
    if (const auto* deleted = std::get_if<core::DeleteJob>(&change)) {
        ready = drop_making(deleted->job);
    } else if (const auto* created = std::get_if<core::CreateExecutions>(&change)) {
        ready = make_all(created->job);
    }
    if (ready) {
        ready = write_rows(waiting_.size());
    }
    if (!ready) {
        return ready;
    }
    for (const auto& created : created_) {
        if (auto applied = writer_.apply(created); !applied) {
            return applied;
        }
    }
    for (const auto& earlier : taken_) {
        if (auto applied = apply(earlier); !applied) {
            return applied;
        }
    }
    created_.clear();
    taken_.clear();
    bytes_.clear();
    return {};
}

bool Journal::is_being_made(JobId job) const noexcept {
    return std::ranges::any_of(
        making_, [job](const Making& making) { return making.change.job == job && making.left() > 0; });
}

bool Journal::is_made(const core::Execution& execution) const noexcept {
    return std::ranges::none_of(making_, [&execution](const Making& making) {
        return making.change.job == execution.job && making.left() > 0 && making.made <= execution.ordinal;
    });
}

// Nobody wants them any more.
Result<void> Journal::drop_making(JobId job) {
    for (auto& making : making_) {
        if (making.change.job == job && making.left() > 0) {
            making.made += making.left();
            if (auto deleted = delete_rows(making.row, making.row); !deleted) {
                return deleted;
            }
        }
    }
    return {};
}

Result<void> Journal::make(Making& making, std::uint32_t count) {
    const auto some = std::min(count, making.left());
    if (some == 0) {
        return {};
    }
    if (auto created = writer_.create(making.change.job, making.made, making.next, some); !created) {
        return created;
    }
    making.made += some;
    return making.left() > 0 ? Result<void>() : delete_rows(making.row, making.row);
}

Result<void> Journal::make_some(std::uint32_t count) {
    const auto first = std::ranges::find_if(making_, [](const Making& making) { return making.left() > 0; });
    return first == making_.end() ? Result<void>() : make(*first, count);
}

Result<void> Journal::make_all(std::optional<JobId> of) {
    for (auto& making : making_) {
        const bool is_wanted = !of || *of == making.change.job;
        if (auto made = make(making, is_wanted ? making.left() : 0); !made) {
            return made;
        }
    }
    return {};
}

Result<bool> Journal::tidy() {
    const bool some = !making_.empty();
    auto made = make_some(kMadeByTidy);
    return made ? Result<bool>(some) : Result<bool>(made.error());
}

Result<void> Journal::apply(const core::Change& change) {
    const auto make_through = [this](JobId job, std::uint32_t ordinal) -> Result<void> {
        for (auto& making : making_) {
            const bool is_missing = making.change.job == job && making.made <= ordinal;
            if (auto made = is_missing ? make(making, ordinal - making.made + 1) : Result<void>(); !made) {
                return made;
            }
        }
        return {};
    };
    Result<void> made;
    if (const auto* put = std::get_if<core::PutExecution>(&change)) {
        made = make_through(put->execution.job, put->execution.ordinal);
    } else if (const auto* late = std::get_if<core::PutLateAnswer>(&change)) {
        made = make_through(late->job, late->ordinal);
    }
    return made ? writer_.apply(change) : made;
}

Result<void> Journal::settle() {
    if (auto made = make_all(); !made) {
        return made;
    }
    return write_rows(waiting_.size());
}

std::uint32_t Journal::end_of(const ExecutionQuery& page) const {
    constexpr std::size_t kNoEnd = std::numeric_limits<std::uint32_t>::max();
    if (is_plain(page)) {
        const std::size_t first = page.from ? page.from->ordinal : 0;
        // One more, which tells whether there is a page behind it.
        return static_cast<std::uint32_t>(std::min(first + std::min(page.most, kNoEnd) + 1, kNoEnd));
    }
    if (page.filter.state && *page.filter.state != core::ExecutionState::pending) {
        const auto waiting = by_job_.find(page.job);  // the others are as they were made
        return waiting == by_job_.end() ? 0 : waiting->second.end;
    }
    return kNoEnd;
}

Result<std::optional<std::uint32_t>> Journal::settle(const ExecutionQuery& page) {
    const auto end = end_of(page);
    std::optional<std::uint32_t> missing_from;
    for (auto& making : making_) {
        if (making.change.job != page.job || making.made >= end || making.left() == 0) {
            continue;
        }
        const auto wanted = std::min(end - making.made, making.left());
        auto some = wanted;
        if (!is_plain(page)) {
            const auto first = is_in_order(page) && page.from ? page.from->ordinal : 0;
            const auto before = first - std::min(first, making.made);
            some = std::min(wanted, before + std::max(made_at_once_, 1U) * kMadeForReader);
        }
        if (auto made = make(making, some); !made) {
            return made.error();
        }
        if (some < wanted) {
            missing_from = making.made;
        }
    }
    const auto written =
        write_executions([&page](const core::Execution& execution) { return execution.job == page.job; });
    return written ? Result<std::optional<std::uint32_t>>(missing_from) : written.error();
}

Result<void> Journal::settle(const DeviceId& device) {
    return write_executions(
        [&device](const core::Execution& execution) { return execution.device == device; });
}

std::vector<core::Execution> Journal::not_made(const DeviceId& device, JobId before) const {
    std::vector<core::Execution> found;
    for (const auto& making : making_) {
        if (before != JobId::none && making.change.job >= before) {
            continue;
        }
        auto ordinal = making.made;
        for (auto at = making.next; at != core::DeviceIds::end(); ++at, ++ordinal) {
            if (*at != device.text()) {
                continue;
            }
            const auto waits = executions_.find({making.change.job, ordinal});
            if (waits != executions_.end()) {
                const auto& change = waiting_[waits->second - first_place_].change;
                found.push_back(std::get<core::PutExecution>(change).execution);
            } else {
                core::Execution execution;
                execution.job = making.change.job;
                execution.ordinal = ordinal;
                execution.device = device;
                found.push_back(std::move(execution));
            }
        }
    }
    return found;
}

// They stay in the journal's rows until all before them have left: applied again after
// a crash, in order, they come to the same.
template <class Wanted>
Result<void> Journal::write_executions(Wanted&& wanted) {
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
        const auto* put = std::get_if<core::PutExecution>(&waiting_[i].change);
        if (put == nullptr || waiting_[i].is_read || !wanted(put->execution) || !is_made(put->execution)) {
            continue;
        }
        if (auto applied = writer_.apply(waiting_[i].change); !applied) {
            return applied;
        }
        read_.push_back(i);
    }
    return {};
}

// The oldest that were not written yet, so many of them.
Result<void> Journal::write_rows(std::size_t count) {
    for (const auto last = std::min(written_ + count, waiting_.size()); written_ < last; ++written_) {
        const auto& waiting = waiting_[written_];
        if (auto applied = waiting.is_read ? Result<void>() : apply(waiting.change); !applied) {
            return applied;
        }
    }
    return delete_written();
}

// Those before the first that something still waits for, but for the rows of executions that are
// not all made.
Result<void> Journal::delete_written() {
    const auto needed = written_ < waiting_.size() ? waiting_[written_].row : last_row_ + 1;
    if (written_ == 0 || needed == waiting_.front().row) {
        return {};
    }
    std::int64_t first = 0;
    for (const auto& making : making_) {
        if (making.left() > 0 && making.row < needed) {
            if (auto deleted = delete_rows(first, making.row - 1); !deleted) {
                return deleted;
            }
            first = making.row + 1;
        }
    }
    return delete_rows(first, needed - 1);
}

Result<void> Journal::delete_rows(std::int64_t first, std::int64_t last) {
    delete_.bind(1, first);
    delete_.bind(2, last);
    return delete_.run();
}

Result<void> Journal::add_rows() {
    auto number = last_row_;
    for (const auto& created : created_) {
        std::string bytes;
        append_change(bytes, created);
        if (auto added = add_row(++number, bytes); !added) {
            return added;
        }
    }
    return bytes_.empty() ? Result<void>() : add_row(++number, bytes_);
}

Result<void> Journal::add_row(std::int64_t number, std::string_view bytes) {
    add_.bind(1, number);
    add_.bind_blob(2, bytes.data(), bytes.size());
    return add_.run();
}

void Journal::ended(bool committed) {
    if (committed) {
        for (const auto index : read_) {
            be_read(waiting_[index]);
        }
        forget(std::exchange(written_, 0));
        std::erase_if(making_, [](const Making& making) { return making.left() == 0; });
        for (auto& created : created_) {
            making_.emplace_back(std::move(created), ++last_row_);
        }
        before_ = making_;
        if (!taken_.empty()) {
            ++last_row_;
        }
        for (auto& change : taken_) {
            keep(std::move(change), last_row_);
        }
    } else {
        making_ = before_;
    }
    written_ = 0;
    read_.clear();
    created_.clear();
    taken_.clear();
    bytes_.clear();
}

std::pair<std::uint64_t, bool> Journal::place_of(const core::Change& change) {
    const auto end = first_place_ + waiting_.size();
    if (const auto* execution = std::get_if<core::PutExecution>(&change)) {
        const auto job = execution->execution.job;
        const auto [found, is_new] =
            executions_.emplace(ExecutionKey{job, execution->execution.ordinal}, end);
        if (is_new) {
            auto& of_job = by_job_[job];
            ++of_job.all;
            ++of_job.unread;
            of_job.end = std::max(of_job.end, execution->execution.ordinal + 1);
        }
        return {found->second, is_new};
    }
    const auto [found, is_new] = devices_.emplace(device_of(change), end);
    return {found->second, is_new};
}

void Journal::keep(core::Change change, std::int64_t row) {
    const auto [place, is_new] = place_of(change);
    if (is_new) {
        waiting_.push_back({std::move(change), row});
    } else {
        follow(waiting_[place - first_place_].change, std::move(change));
    }
}

void Journal::forget(std::size_t count) {
    for (; count > 0; --count, ++first_place_) {
        auto& front = waiting_.front();
        if (const auto* put = std::get_if<core::PutExecution>(&front.change)) {
            be_read(front);
            if (const auto left = by_job_.find(put->execution.job); --left->second.all == 0) {
                by_job_.erase(left);
            }
        } else {
            devices_.erase(device_of(front.change));
        }
        waiting_.pop_front();
    }
}

// Nothing follows on what is in its table.
void Journal::be_read(Waiting& waiting) {
    if (!std::exchange(waiting.is_read, true)) {
        const auto& execution = std::get<core::PutExecution>(waiting.change).execution;
        executions_.erase({execution.job, execution.ordinal});
        --by_job_[execution.job].unread;
    }
}

}  // namespace muster::store::sqlite
