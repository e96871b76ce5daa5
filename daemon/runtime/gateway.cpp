// The loop. Messages and requests are in gateway_messages.cpp, log lines and
// counters in gateway_report.cpp.
#include "daemon/runtime/gateway.hpp"

#include "daemon/api/readiness.hpp"
#include "daemon/runtime/log.hpp"
#include "protocol/announce.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace muster::runtime {
namespace {

// How often an outbox that the link refused is tried again.
constexpr Milliseconds kOutboxRetry{10};

// Places of the link's window that are kept free for replies and topics: so many, or a quarter. Less than
// half, so that there is room when the link says that half is free.
constexpr std::uint32_t kWindowReserve = 8;

// So long after the last read somebody is taken to read.
constexpr Milliseconds kReadersStay{200};

// While somebody reads: a commit of a few hundred changes takes longer than a page. That is a twentieth of
// a job's speed, which nobody pays while nobody looks.
constexpr std::size_t kBatchWhileRead = 40;

// Items of a batch, and messages, between answers to those who read: a millisecond or two for them to wait,
// and for devices the better part of the thread, however many read.
constexpr std::size_t kBetweenReads = 64;
constexpr std::size_t kPublishedBetweenReads = 8;
constexpr std::size_t kReadsBetween = 8;

// Messages that wait for a device's answer, for each that may wait for the broker's PUBACK, which
// comes long before: enough that broker and devices have work while a batch is being committed. More
// than that makes a message wait longer, and no job faster.
constexpr std::uint32_t kUnansweredPerPlace = 3;

// What nobody is told of waits so long for what somebody is: a device says its state before it acks, and one
// commit, with one wait for the disk, does for both.
constexpr Milliseconds kUntoldChangesWait{10};

// Reads aside, before which all is committed. Only devices: what is decided of jobs is in the tallies that
// job topics tell, with or without a notice of its own.
bool tells_nobody(const core::Effects& effects) {
    return effects.sends.empty() && effects.notices.empty() && effects.replies.empty() &&
           std::ranges::all_of(effects.changes, [](const core::Change& change) {
               return std::holds_alternative<core::PutDevice>(change);
           });
}

// The places of the link's window that are for operations.
std::uint32_t for_operations(std::uint32_t of_link) {
    return of_link - std::min(kWindowReserve, of_link / 4);
}

// Whether another number of jobs may be running now.
bool is_of_job(core::NoticeKind kind) {
    return kind == core::NoticeKind::job_started || kind == core::NoticeKind::job_stopped ||
           kind == core::NoticeKind::job_ended || kind == core::NoticeKind::job_deleted;
}

}  // namespace

mqtt::Publication gateway_online(const Topics& topics, const api::GatewayState& state) {
    boost::json::object status{
        {"status", "online"}, {"version", MUSTER_VERSION}, {"since", format_utc(state.started_at)}};
    status.emplace("store", api::store_json(state));
    return {topics.gateway_status(), format_json(status), 1, true, {}, {}, {}};
}

mqtt::Publication gateway_offline(const Topics& topics) {
    return {topics.gateway_status(), R"({"status":"offline"})", 1, true, {}, {}, {}};
}

Gateway::Gateway(GatewayOptions options, std::unique_ptr<store::Store> store, store::OpenStore open_store,
                 mqtt::Link& link, core::Snapshot snapshot, Clock clock)
    : options_(std::move(options)),
      store_(std::move(store)),
      open_store_(std::move(open_store)),
      link_(link),
      engine_(std::make_unique<core::Engine>(options_.engine, std::move(snapshot))),
      inbox_(options_.queue_events),
      clock_(std::move(clock)) {
    state_.version = MUSTER_VERSION;
    state_.console = options_.console;
    state_.started_at = now();
    state_.store_since = state_.started_at;
}

void Gateway::stop() {
    inbox_.add(StopAsked{});
}

bool Gateway::ask(api::Call call, std::size_t bytes, Answer answer) {
    const bool reads = api::only_reads(call.verb);
    return inbox_.push_request(Asking{std::move(call), bytes, std::move(answer)}, reads);
}

void Gateway::change_roles(RoleTable roles) {
    inbox_.add(RolesChanged{std::move(roles)});
}

void Gateway::change_retention(core::KeepFor keep) {
    inbox_.add(RetentionChanged{keep});
}

void Gateway::on_connected(const mqtt::Connected& connected) noexcept {
    inbox_.add(connected);
}

void Gateway::on_disconnected(const std::string& reason) noexcept {
    inbox_.add(Disconnected{reason});
}

// Cut short here already, so that the queue cannot be filled with what nobody may send.
bool Gateway::on_message(mqtt::Inbound message) noexcept {
    constexpr auto kDeviceBytes = std::max(limits::kInfoBytes, limits::kStateBytes);
    const auto bytes = message.payload.size();
    const auto device = options_.topics.parse_device(message.topic);
    const bool can_be_asked_for = device && device->kind != DeviceTopic::ack;
    bool taken = false;
    if (can_be_asked_for && bytes <= kDeviceBytes) {
        taken = inbox_.push_if_roomy(std::move(message));
    } else if (const auto request = options_.topics.parse_request(message.topic);
               request && bytes <= limits::kRequestBytes) {
        const bool reads = api::only_reads(request->verb);
        taken = inbox_.push_request(std::move(message), reads);
    } else if (bytes <= kDeviceBytes) {
        taken = inbox_.push(std::move(message));
    } else {
        message.payload = std::string();
        taken = inbox_.push(Oversized{std::move(message), bytes});
    }
    if (!taken && can_be_asked_for) {
        device_messages_lost_ = true;
    }
    return taken;
}

void Gateway::on_retained() noexcept {
    inbox_.add(RetainedCame{});
}

void Gateway::on_room() noexcept {
    inbox_.add(LinkHasRoom{});
}

TimePoint Gateway::now() {
    return last_now_ = clock_.now();
}

Result<void> Gateway::run() {
    if (const auto started = start(); !started) {
        return started.error();
    }
    tell_service();
    while (turn(std::min(patience().value_or(kHeartbeat), kHeartbeat))) {
        tell_service();
    }
    log_suppressed(TimePoint::max());
    link_.stop({gateway_offline(options_.topics)});
    return {};
}

Result<void> Gateway::start() {
    step(core::LinkDown{});
    flush();
    return link_.start(*this);
}

bool Gateway::turn(std::optional<Milliseconds> patience) {
    state_.engine_busy_since.reset();
    heard(patience);
    inbox_.take(batch_, is_read() ? std::min(kBatchWhileRead, options_.batch_events) : options_.batch_events,
                patience);
    heard(Milliseconds{0});
    state_.engine_busy_since = now();
    step_refused();
    if (device_messages_lost_.exchange(false)) {
        step(core::MessagesLost{});
    }
    take_held();
    if (!storage_retry_ && state_.broker_connected) {
        step(core::LinkRoom{room_for_operations()});
    }
    take_batch();
    // While the storage is full nothing goes out, so nothing may come due.
    if (!storage_retry_ && engine_due_ && *engine_due_ <= now()) {
        step(core::Tick{});
    }
    flush_if_due();
    outbox_.flush();
    if (!storage_retry_ && !storage_failed_) {
        job_topics_.flush(*engine_, now());  // tells only what is durable
        fleet_events_.flush(*engine_, now());
        tidy_store();
    }
    log_suppressed(now());
    return !stopping_;
}

bool Gateway::is_read() const noexcept {
    return last_now_ < last_read_ + kReadersStay;
}

void Gateway::take_batch() {
    std::size_t since_reads = 0;
    for (auto& item : batch_) {
        std::visit([this](auto& what) { take(what); }, item);
        heard(Milliseconds{0});  // so that a long batch is not taken for one that hangs
        if (++since_reads >= kBetweenReads && inbox_.has_reads()) {
            answer_reads();
            since_reads = 0;
        }
    }
    batch_.clear();
}

// Within itself at most once: one that flushes, in which others are answered that do not.
void Gateway::answer_reads() {
    std::vector<InboxItem> reads;
    inbox_.take_reads(reads, kReadsBetween);
    for (auto& item : reads) {
        std::visit([this](auto& what) { take(what); }, item);
        heard(Milliseconds{0});
    }
}

void Gateway::heard(std::optional<Milliseconds> next) {
    engine_due_by_ = next ? std::chrono::steady_clock::now() + *next : SteadyTime::max();
}

Progress Gateway::progress() const {
    const auto store_since = store_since_.load();
    return {engine_due_by_, store_since == SteadyTime::max() ? std::nullopt : std::optional(store_since),
            link_.due()};
}

std::optional<Milliseconds> Gateway::patience() {
    const auto at = wake_at();
    return at ? std::optional(std::max(Milliseconds{0}, *at - now())) : std::nullopt;
}

std::optional<TimePoint> Gateway::wake_at() const {
    std::optional<TimePoint> at;
    const auto earlier = [&at](std::optional<TimePoint> candidate) {
        if (candidate && (!at || *candidate < *at)) {
            at = candidate;
        }
    };
    if (storage_retry_ || storage_failed_) {
        at = storage_retry_;  // nothing is decided or told before
    } else {
        earlier(engine_due_);
        earlier(changes_due_);
        earlier(tidy_due_);
        earlier(job_topics_.due());
        earlier(fleet_events_.due());
        earlier(log_limiter_.due());
        if (!refused_.empty() || !held_.empty()) {
            earlier(last_now_);
        }
    }
    if (!outbox_.empty() && state_.broker_connected) {
        earlier(last_now_ + kOutboxRetry);
    }
    return at;
}

void Gateway::take(const mqtt::Connected& connected) {
    count(Counter::broker_connections);
    state_.broker_connected = true;
    state_.broker = connected.broker;
    state_.mqtt_version = connected.mqtt_version;
    state_.link_window = connected.window;
    state_.broker_since = now();
    const auto window = for_operations(connected.window);
    log(LogLevel::info, "broker_connected",
        {{"broker", connected.broker},
         {"mqtt_version", std::to_string(connected.mqtt_version)},
         {"window", std::to_string(window)}});
    window_ = window;
    window_reserve_ = connected.window - window;
    tell_state();
    if (state_.store.state != store::StoreState::ok) {
        outbox_.publish(gateway_online(options_.topics, state_));  // the link says that all is well
    }
    if (!storage_failed_) {
        link_is_up();
    }
}

void Gateway::link_is_up() {
    step(core::LinkUp{kUnansweredPerPlace * window_, room_for_operations()});
    job_topics_.connected(*engine_);
}

void Gateway::take(const Disconnected& disconnected) {
    // Each attempt that fails says so again; it is away since the first.
    if (std::exchange(state_.broker_connected, false) || state_.broker_since == TimePoint{}) {
        state_.broker_since = now();
    }
    state_.broker_detail = disconnected.reason;
    log(LogLevel::warning, "broker_disconnected", {{"text", disconnected.reason}});
    tell_state();
    step(core::LinkDown{});
    outbox_.clear();
}

// All that it has to do is to wake the thread.
void Gateway::take(const LinkHasRoom&) {}

void Gateway::take(const RetainedCame&) {
    step(core::StatusAnswered{});
}

std::uint32_t Gateway::room_for_operations() {
    const auto room = link_.room();
    return room - std::min(room, window_reserve_);
}

void Gateway::take(const RolesChanged& changed) {
    options_.roles = changed.roles;
    log(LogLevel::info, "roles_changed", {{"users", std::to_string(changed.roles.by_user.size())}});
}

void Gateway::take(const RetentionChanged& changed) {
    options_.engine.keep = changed.keep;  // for an engine that is made anew
    step(core::RetentionChanged{changed.keep});
}

void Gateway::take(const StopAsked&) {
    stopping_ = true;
}

void Gateway::step(const core::Event& event) {
    if (storage_failed_) {
        return;
    }
    engine_->step(now(), event, effects_);
    engine_due_ = effects_.next_deadline;
}

void Gateway::step_refused() {
    if (storage_retry_) {
        return;
    }
    for (const auto& operation : std::exchange(refused_, {})) {
        step(core::SendRefused{operation});
    }
}

void Gateway::flush_if_due() {
    const bool may_wait = !effects_.changes.empty() && tells_nobody(effects_) && !storage_retry_ &&
                          !storage_failed_ && !stopping_;
    if (!may_wait || (changes_due_ && *changes_due_ <= now())) {
        flush();
    } else if (!changes_due_) {
        changes_due_ = now() + kUntoldChangesWait;
    }
}

void Gateway::flush() {
    if (begin_commit()) {
        end_flush();
    }
}

void Gateway::end_flush() {
    if (!end_commit()) {
        return;
    }
    auto done = std::exchange(committed_, {});
    publish(done.sends);
    flushing_ = false;
    give(done.replies);
    for (const auto& notice : done.notices) {
        ++notices_[static_cast<std::size_t>(notice.kind)];
        const bool leaves_work =
            notice.kind == core::NoticeKind::job_deleted || notice.kind == core::NoticeKind::job_started;
        if (leaves_work && !tidy_due_) {
            tidy_due_ = last_now_;
        }
        ++failed_by_reason_[static_cast<std::size_t>(notice.reason)];
        tell(notice);
        fleet_events_.note(notice);
        job_topics_.note(notice, *engine_, last_now_);
        progress_.note(notice);
        jobs_changed_ = jobs_changed_ || is_of_job(notice.kind);
    }
    progress_.committed(*engine_, last_now_);
}

// Paho's threads take turns with this one for each message, so a hundred take longer than a reader should
// wait.
void Gateway::publish(const std::vector<core::Send>& sends) {
    std::size_t since_reads = 0;
    for (const auto& send : sends) {
        std::visit([this](const auto& what) { publish(what); }, send);
        if (++since_reads >= kPublishedBetweenReads && inbox_.has_reads()) {
            answer_reads();
            since_reads = 0;
        }
    }
}

void Gateway::publish(const core::SendOperation& operation) {
    if (operation.expires <= last_now_) {
        return;  // decided before the storage was full; its verdict came meanwhile
    }
    const auto left = std::chrono::ceil<Seconds>(operation.expires - last_now_).count();
    const mqtt::Publication publication{options_.topics.device(operation.device, DeviceTopic::cmd),
                                        operation.payload,
                                        1,
                                        false,
                                        options_.topics.device(operation.device, DeviceTopic::ack),
                                        to_string(operation.operation),
                                        static_cast<std::uint32_t>(std::max<std::int64_t>(left, 1))};
    if (!link_.publish(publication)) {
        refused_.push_back(operation.operation);
    }
}

void Gateway::publish(const core::ClearRetained& clear) {
    for (const auto kind : {DeviceTopic::status, DeviceTopic::info, DeviceTopic::state}) {
        outbox_.publish({options_.topics.device(clear.device, kind), {}, 1, true, {}, {}, {}});
    }
}

void Gateway::publish(const core::Announce& announce) {
    log(LogLevel::info, "roll_call", {{"spread_seconds", std::to_string(announce.spread.count())}});
    outbox_.publish({options_.topics.announce(), encode_announce(announce.spread), 1, false, {}, {}, {}});
}

void Gateway::publish(const core::AskStatus& asked) {
    std::vector<std::string> topics;
    topics.reserve(asked.devices.size());
    for (const auto& device : asked.devices) {
        topics.push_back(options_.topics.device(device, DeviceTopic::status));
    }
    static_cast<void>(link_.ask_for_retained(topics));  // else the roll call finds them
}

void Gateway::give(const std::vector<core::Reply>& replies) {
    for (const auto& given : replies) {
        const auto found = waiting_.find(given.token);
        MUSTER_INVARIANT(found != waiting_.end());
        const auto& [to, prepared] = found->second;
        if (given.answer) {
            reply(to, prepared.answer(view(), &*given.answer));
        } else {
            reply(to, given.answer.error());
        }
        waiting_.erase(found);
    }
}

void Gateway::take_held() {
    while (!storage_retry_ && !held_.empty()) {
        const auto message = std::move(held_.front());
        held_.pop_front();
        held_bytes_ -= bytes_of(message);
        if (const auto device = options_.topics.parse_device(message.topic)) {
            take_device(*device, message);
        }
    }
}

api::View Gateway::view() {
    state_.counters = counters_json();
    state_.figures = figures();
    return {*engine_, *store_, state_, now(), &progress_, options_.examiner};
}

}  // namespace muster::runtime
