// What becomes of a gateway whose storage is full or fails: no false success, it
// says so, and it goes on by itself when that is possible.
#include "daemon/api/readiness.hpp"
#include "daemon/runtime/gateway.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/store/absent_store.hpp"

namespace muster::runtime {

// Between two pieces: so that what is deleted costs the jobs that run a tenth of the
// time of the disk, and 1,000,000 executions are gone within a minute.
constexpr Milliseconds kTidyPause{30};

bool Gateway::begin_commit() {
    if (has_failed(store_->health().state) && !storage_failed_) {
        storage_has_failed();  // a read has found out
    }
    if (storage_retry_ && now() >= *storage_retry_ && storage_failed_) {
        reopen_store();
    }
    if (storage_failed_ || (storage_retry_ && now() < *storage_retry_)) {
        return false;
    }
    if (!effects_.changes.empty()) {
        commit_begun_ = std::chrono::steady_clock::now();
        store_since_ = commit_begun_;
        syncing_ = is_read();  // else it would only cost another thread's turn
        const auto ended = [this] { commit_ended_ = std::chrono::steady_clock::now(); };
        const auto begun = syncing_ ? store_->begin_commit(effects_.changes,
                                                           [this, ended] {
                                                               ended();
                                                               inbox_.end_wait();
                                                           })
                                    : store_->commit(effects_.changes);
        if (!begun) {
            syncing_ = false;
            store_since_ = SteadyTime::max();
            if (begun.error().code == ErrorCode::unavailable) {
                storage_is_full();
            } else {
                storage_has_failed();
            }
            return false;
        }
    }
    if (!syncing_) {
        commit_ended_ = std::chrono::steady_clock::now();
    }
    committed_ = std::exchange(effects_, {});
    changes_due_.reset();
    flushing_ = true;
    return true;
}

// Whoever reads meanwhile sees the changes, and changes nothing.
bool Gateway::end_commit() {
    while (syncing_ && inbox_.wait_for_reads()) {
        answer_reads();
    }
    const auto ended = std::exchange(syncing_, false) ? store_->end_commit() : Result<void>();
    if (!committed_.changes.empty()) {
        store_since_ = SteadyTime::max();
        commit_times_.add(commit_ended_.load() - commit_begun_);
    }
    if (!ended) {
        flushing_ = false;
        effects_ = std::exchange(committed_, {});
        storage_has_failed();
        return false;
    }
    if (!committed_.changes.empty()) {
        count(Counter::commits);
        count(Counter::changes, committed_.changes.size());
    }
    storage_is_well();
    return true;
}

void Gateway::tidy_store() {
    if (!tidy_due_ || *tidy_due_ > now()) {
        return;
    }
    const auto more = store_->tidy();
    if (more) {
        tidy_due_ = *more ? std::optional(now() + kTidyPause) : std::nullopt;
    } else {
        tidy_due_ = now() + options_.full_retry;  // the next commit sees to a storage that has failed
    }
}

void Gateway::storage_is_full() {
    storage_retry_ = now() + options_.full_retry;
    tell_storage(store_->health());
}

void Gateway::storage_has_failed() {
    const auto health = store_->health();
    storage_failed_ = true;
    // Only an operator mends what is damaged, and stops musterd to do it.
    storage_retry_ = health.state == store::StoreState::damaged
                         ? std::nullopt
                         : std::optional(now() + options_.failed_retry);
    tell_storage(health);
    for (const auto& change : effects_.changes) {
        if (const auto* deleted = std::get_if<core::DeleteJob>(&change)) {
            doubtful_jobs_.push_back(deleted->job);
        }
    }
    effects_.clear();
    engine_due_.reset();
    changes_due_.reset();
    refused_.clear();
    count(Counter::messages_dropped, held_.size());
    held_.clear();
    held_bytes_ = 0;
    // Nobody knows what became of them. Over the broker that is said by silence (SPEC 7.11).
    for (auto& [token, waiting] : std::exchange(waiting_, {})) {
        if (waiting.to.answer) {
            waiting.to.answer(make_error(ErrorCode::unavailable,
                                         "the storage failed meanwhile: see, when it works again, whether "
                                         "this was done"));
        }
    }
}

void Gateway::reopen_store() {
    const auto before = store_->health();
    store_.reset();  // lets go of its lock
    auto opened = open_store_();
    auto snapshot = opened ? (*opened)->load() : Result<core::Snapshot>(opened.error());
    if (!snapshot) {
        auto health = opened ? (*opened)->health() : before;
        health.detail = snapshot.error().message;
        opened = Error(snapshot.error());  // closes it
        store_ = std::make_unique<store::AbsentStore>(snapshot.error(), health);
        storage_retry_ = health.state == store::StoreState::damaged
                             ? std::nullopt
                             : std::optional(now() + options_.failed_retry);
        tell_storage(std::move(health));
        return;
    }
    store_ = std::move(opened).value();
    engine_ = std::make_unique<core::Engine>(options_.engine, std::move(snapshot).value());
    storage_failed_ = false;
    storage_retry_.reset();
    tidy_due_ = now();
    jobs_changed_ = true;
    if (options_.feed != nullptr) {
        options_.feed->tell("reset", {});  // what was told may not have happened
    }
    step(core::LinkDown{});
    if (state_.broker_connected) {
        link_is_up();
    }
    for (const JobId job : std::exchange(doubtful_jobs_, {})) {
        job_topics_.found(job, *engine_);
    }
}

void Gateway::storage_is_well() {
    storage_retry_.reset();
    tell_storage({});
}

// Once for each change of state.
void Gateway::tell_storage(store::StoreHealth health) {
    const bool changed = health.state != state_.store.state;
    state_.store = std::move(health);
    if (!changed) {
        return;
    }
    state_.store_since = now();
    const bool well = state_.store.state == store::StoreState::ok;
    log(well ? LogLevel::info : LogLevel::error, well ? "storage_recovered" : "storage_not_well",
        {{"state", to_string(state_.store.state)}, {"text", state_.store.detail}});
    tell_state();
    if (state_.broker_connected) {
        outbox_.publish(gateway_online(options_.topics, state_));
    }
}

Error Gateway::storage_refusal() const {
    return make_error(ErrorCode::unavailable, "the storage is " + std::string(to_string(state_.store.state)) +
                                                  ": " + state_.store.detail);
}

}  // namespace muster::runtime
