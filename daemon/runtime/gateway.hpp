// The shell around the engine: takes a batch of events, steps through them,
// commits all their changes at once, publishes what the steps asked for, and
// answers. In that order, always.
//
// Threads: run(), or start() and turn(), is the engine thread. ask(), stop(),
// change_...() and progress() may be called from any thread; the link calls the
// Handler part from its own.
#pragma once

#include "daemon/api/api.hpp"
#include "daemon/api/feed.hpp"
#include "daemon/api/progress_history.hpp"
#include "daemon/core/engine.hpp"
#include "daemon/mqtt/link.hpp"
#include "daemon/runtime/clock.hpp"
#include "daemon/runtime/fleet_events.hpp"
#include "daemon/runtime/inbox.hpp"
#include "daemon/runtime/job_topics.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/log_limiter.hpp"
#include "daemon/runtime/outbox.hpp"
#include "daemon/runtime/progress.hpp"
#include "daemon/runtime/roles.hpp"
#include "daemon/runtime/service_state.hpp"
#include "daemon/store/store.hpp"
#include "protocol/topics.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace muster::runtime {

struct GatewayOptions {
    core::EngineOptions engine;
    Topics topics = Topics::standard();
    RoleTable roles;
    api::ConsoleDoor console;
    api::Feed* feed = nullptr;          // told what happens; has to outlive the gateway
    api::Examiner* examiner = nullptr;  // of the process; likewise
    // Told on the engine thread what state the gateway is in: once it has begun, and
    // whenever that changed. May be empty.
    std::function<void(const ServiceState&)> on_state{};
    std::size_t queue_events = 100'000;
    std::size_t batch_events = 500;
    // How often a full storage is written to again, and a failed one opened again.
    Milliseconds full_retry{1'000};
    Milliseconds failed_retry{5'000};
};

// What the link has to publish when it has connected, and when it is gone.
[[nodiscard]] mqtt::Publication gateway_online(const Topics& topics, const api::GatewayState& state);
[[nodiscard]] mqtt::Publication gateway_offline(const Topics& topics);

class Gateway final : private mqtt::Handler {
public:
    // The link must outlive it. `snapshot` is what the store loaded; `open_store`
    // gives the store anew after it failed.
    Gateway(GatewayOptions options, std::unique_ptr<store::Store> store, store::OpenStore open_store,
            mqtt::Link& link, core::Snapshot snapshot, Clock clock = Clock());

    // Until stop(). Error: what made it impossible to begin (link options).
    [[nodiscard]] Result<void> run();

    // run() in pieces, for the simulation, which has a time of its own: start(),
    // and turn() while it says true.
    [[nodiscard]] Result<void> start();
    // Waits for something to do, at most `patience` (absent: for ever), and does
    // it. false: it was stopped.
    bool turn(std::optional<Milliseconds> patience);
    // How long turn() may wait if nothing arrives; absent: for ever.
    [[nodiscard]] std::optional<Milliseconds> patience();
    // Between turns.
    [[nodiscard]] const core::Engine& engine() const noexcept { return *engine_; }

    using Answer = std::function<void(Result<boost::json::object>)>;
    // A call of a transport other than the broker, which knows the role, and about
    // how many bytes the call holds.
    // `answer` is called on the engine thread, once, when the changes are durable,
    // with an error of storage or verb; never if the gateway is stopped before.
    // false: the queue is full, and the call was not taken.
    [[nodiscard]] bool ask(api::Call call, std::size_t bytes, Answer answer);

    void stop();
    void change_roles(RoleTable roles);
    void change_retention(core::KeepFor keep);
    // How far its threads are, the link's among them.
    [[nodiscard]] Progress progress() const;

private:
    struct ReplyTo {
        std::string user;
        std::string id;
        std::string topic;  // empty: nobody wants an answer
        std::string correlation;
        Answer answer;  // instead of a topic
    };
    struct Waiting {
        ReplyTo to;
        api::Prepared prepared;
    };
    enum class Counter {
        messages_malformed,
        messages_oversized,
        messages_dropped,
        acks,
        broker_connections,
        requests,
        requests_refused,
        commits,
        changes,
        kCount
    };

    void on_connected(const mqtt::Connected& connected) noexcept override;
    void on_disconnected(const std::string& reason) noexcept override;
    bool on_message(mqtt::Inbound message) noexcept override;
    void on_retained() noexcept override;
    void on_room() noexcept override;

    void take(mqtt::Inbound& message);
    void take(const Oversized& oversized);
    void take(Asking& asking);
    void take(const mqtt::Connected& connected);
    void link_is_up();
    void take(const Disconnected& disconnected);
    void take(const LinkHasRoom& room);
    void take(const RetainedCame& came);
    void take(const RolesChanged& changed);
    void take(const RetentionChanged& changed);
    void take(const StopAsked& asked);

    // gateway_messages.cpp
    void take_device(const ParsedDeviceTopic& topic, const mqtt::Inbound& message);
    [[nodiscard]] Result<core::Event> decode(const ParsedDeviceTopic& topic,
                                             const mqtt::Inbound& message) const;
    void take_request(const ParsedRequestTopic& topic, const mqtt::Inbound& message);
    // Where an answer may go by the message's properties. Error: forbidden.
    [[nodiscard]] Result<void> read_reply_to(const ParsedRequestTopic& topic, const mqtt::Inbound& message,
                                             ReplyTo& to) const;
    [[nodiscard]] Result<api::Call> read_call(const ParsedRequestTopic& topic, const mqtt::Inbound& message,
                                              ReplyTo& to) const;
    void take_call(const api::Call& call, ReplyTo to);
    void answer(const api::Call& call, ReplyTo to);
    void carry_out(const api::Call& call, ReplyTo to);
    void reply(const ReplyTo& to, const Result<boost::json::object>& result);

    // gateway_storage.cpp
    // The changes of the steps so far are in the store when this returns true, and in committed_ with the
    // rest of what was decided; end_commit() must follow. While the storage is full or failed it does
    // nothing until it is time to try again.
    [[nodiscard]] bool begin_commit();
    // They are durable when this returns true.
    [[nodiscard]] bool end_commit();
    void storage_is_full();
    // Lets the store remove a little of what was deleted, if there is some and it is time.
    void tidy_store();
    // Forgets all that the disk does not hold; from here on nothing is done but
    // to say so, until the store could be opened again.
    void storage_has_failed();
    void reopen_store();
    void storage_is_well();
    void tell_storage(store::StoreHealth health);
    [[nodiscard]] Error storage_refusal() const;

    // gateway_report.cpp
    // A line of what `source`, a device or user, can cause as often as it likes.
    void log_limited(std::string_view source, LogLevel level, std::string_view event, LogFields fields);
    void log_suppressed(TimePoint until);
    void tell(const core::Notice& notice);
    [[nodiscard]] boost::json::object counters_json() const;
    [[nodiscard]] api::Figures figures() const;

    // Messages of the engine that the link takes now.
    [[nodiscard]] std::uint32_t room_for_operations();
    void take_batch();
    // Whether somebody reads, or did a moment ago.
    [[nodiscard]] bool is_read() const noexcept;
    // Those that wait are answered before the rest of the batch.
    void answer_reads();
    void step(const core::Event& event);
    void step_refused();
    // flush(), unless all that there is may wait for more.
    void flush_if_due();
    // Commit, publish, answer. Reads are answered meanwhile.
    void flush();
    // The same after begin_commit().
    void end_flush();
    void publish(const std::vector<core::Send>& sends);
    void publish(const core::SendOperation& operation);
    void publish(const core::ClearRetained& clear);
    void publish(const core::Announce& announce);
    void publish(const core::AskStatus& asked);
    void give(const std::vector<core::Reply>& replies);
    void take_held();
    [[nodiscard]] std::optional<TimePoint> wake_at() const;
    [[nodiscard]] TimePoint now();
    [[nodiscard]] api::View view();
    void tell_state();
    void tell_service();
    // The engine thread will be heard of again within so long; absent: when something arrives.
    void heard(std::optional<Milliseconds> next);
    void count(Counter counter, std::uint64_t by = 1) { counters_[static_cast<std::size_t>(counter)] += by; }

    GatewayOptions options_;
    std::unique_ptr<store::Store> store_;
    store::OpenStore open_store_;
    mqtt::Link& link_;
    std::unique_ptr<core::Engine> engine_;
    Inbox inbox_;
    std::atomic<bool> device_messages_lost_{false};  // the inbox was full
    Outbox outbox_{link_};
    JobTopics job_topics_{options_.topics, outbox_, options_.feed};
    FleetEvents fleet_events_{options_.feed};
    api::ProgressHistory progress_;
    api::GatewayState state_;
    core::Effects effects_;
    core::Effects committed_;
    std::vector<InboxItem> batch_;
    std::optional<TimePoint> engine_due_;
    std::optional<TimePoint> changes_due_;  // when what nobody is told of is committed; absent: there is none
    core::RequestToken last_token_ = 0;
    std::map<core::RequestToken, Waiting> waiting_;
    std::vector<OperationId> refused_;                 // by the link, since the last batch
    std::deque<mqtt::Inbound> held_;                   // from devices, while the storage is full
    std::size_t held_bytes_ = 0;                       // at most Inbox::kMostBytes
    std::optional<TimePoint> tidy_due_ = TimePoint{};  // absent: nothing is left to remove
    std::optional<TimePoint> storage_retry_;           // when a full or failed storage is tried again
    bool storage_failed_ = false;                      // the engine is ahead of the disk and may not be asked
    std::uint32_t window_ = 0;                         // places of the link's that are for operations
    std::uint32_t window_reserve_ = 0;                 // and the others
    std::vector<JobId> doubtful_jobs_;                 // perhaps deleted when the storage failed
    Clock clock_;
    TimePoint last_now_{};
    TimePoint last_read_{};
    std::atomic<SteadyTime> engine_due_by_{SteadyTime::max()};  // Progress::engine_due
    std::atomic<SteadyTime> store_since_{SteadyTime::max()};    // Progress::store_since; max: not now
    std::optional<ServiceState> told_service_;
    std::size_t running_jobs_ = 0;
    bool jobs_changed_ = true;  // since they were counted
    bool flushing_ = false;     // from begin_commit() on until all is published: nothing waits for a commit
    bool syncing_ = false;      // the store works at the commit while reads are answered
    SteadyTime commit_begun_{};
    std::atomic<SteadyTime> commit_ended_{SteadyTime{}};  // for the store; readers may be served longer
    bool stopping_ = false;
    LogLimiter log_limiter_;
    std::array<std::uint64_t, static_cast<std::size_t>(Counter::kCount)> counters_{};
    std::array<std::uint64_t, core::kNoticeKinds> notices_{};
    std::array<std::uint64_t, core::kReasonCount> failed_by_reason_{};
    api::CommitTimes commit_times_;
};

}  // namespace muster::runtime
