#include "daemon/mqtt/paho_link.hpp"

#include "daemon/mqtt/broker_probe.hpp"
#include "daemon/mqtt/paho_connection.hpp"
#include "daemon/mqtt/reconnect.hpp"
#include "protocol/time.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>

namespace muster::mqtt {

namespace {

using Clock = std::chrono::steady_clock;

// How long stop() waits for PUBACKs.
constexpr std::chrono::seconds kFarewell{2};
// How long it may take to find out why a broker cannot be reached; stop() waits for it.
constexpr std::chrono::seconds kProbe{2};
// How long the own thread sleeps at most, so that it is heard of.
constexpr std::chrono::seconds kHeartbeat{5};
// How long Paho may take to open or close: it asks the system's resolver, which
// waits for each of its servers, several times.
constexpr std::chrono::minutes kOpenOrClose{2};
// Links lost soon and in a row, after which it is thought of that the session
// was taken over: MQTT 3.1.1 does not say so, nor does Mosquitto 2.0.11.
constexpr std::size_t kSuspicious = 3;

struct Incident {
    LinkEvent event = LinkEvent::due;
    std::string reason;
    bool unexplained = false;
};

Incident to_incident(ConnectionFailure failure) {
    switch (failure.kind) {
        case FailureKind::explained:
            return {LinkEvent::failed, std::move(failure.reason)};
        case FailureKind::unexplained:
            return {LinkEvent::failed, std::move(failure.reason), true};
        case FailureKind::version_refused:
            return {LinkEvent::refused, std::move(failure.reason)};
        case FailureKind::taken_over:
            return {LinkEvent::taken_over, std::move(failure.reason)};
    }
    return {};
}

// What Paho's threads have for the link's own thread: at most one of each, the
// first failure being the one that tells why.
class Mailbox {
public:
    void opened() {
        post([&] { opened_ = true; });
    }
    void subscribed() {
        post([&] { subscribed_ = true; });
    }
    void failed(Incident incident) {
        post([&] {
            if (!failure_) {
                failure_ = std::move(incident);
            }
        });
    }
    void stop() {
        post([&] { stopped_ = true; });
    }

    // nullopt: stopped. `due` when the deadline passes first. Says by when it will have woken up again.
    std::optional<Incident> wait(std::optional<Clock::time_point> deadline,
                                 std::atomic<Clock::time_point>& heard_by) {
        std::unique_lock lock(mutex_);
        const auto posted = [&] { return stopped_ || failure_ || opened_ || subscribed_; };
        while (!posted() && (!deadline || Clock::now() < *deadline)) {
            const auto awake = Clock::now() + kHeartbeat;
            heard_by = awake;
            posted_.wait_until(lock, deadline ? std::min(*deadline, awake) : awake, posted);
        }
        if (stopped_) {
            return std::nullopt;
        }
        if (failure_) {
            return std::exchange(failure_, std::nullopt);
        }
        if (std::exchange(opened_, false)) {
            return Incident{LinkEvent::opened, {}};
        }
        return Incident{std::exchange(subscribed_, false) ? LinkEvent::subscribed : LinkEvent::due, {}};
    }

    // Of what a connection that is closed has posted.
    void clear() {
        const std::lock_guard lock(mutex_);
        opened_ = subscribed_ = false;
        failure_.reset();
    }

private:
    template <class Change>
    void post(Change change) {
        const std::lock_guard lock(mutex_);
        change();
        posted_.notify_one();
    }

    std::mutex mutex_;
    std::condition_variable posted_;
    bool opened_ = false;
    bool subscribed_ = false;
    bool stopped_ = false;
    std::optional<Incident> failure_;
};

class PahoLink final : public Link, public ConnectionListener {
public:
    explicit PahoLink(LinkOptions options) : options_(std::move(options)) {}
    ~PahoLink() override { stop({}); }
    PahoLink(const PahoLink&) = delete;
    PahoLink& operator=(const PahoLink&) = delete;

    Result<void> start(Handler& handler) override;
    bool publish(const Publication& publication) override;
    std::uint32_t room() override;
    bool ask_for_retained(const std::vector<std::string>& topics) override;
    void stop(const std::vector<Publication>& last) override;
    Clock::time_point due() const noexcept override { return due_; }
    void change_login(Login login) override;

private:
    void run();
    void perform(LinkAction action, const Incident& incident);
    [[nodiscard]] std::string explain(const Incident& incident) const;
    void open();
    void take_new_login();
    void announce();
    void close();

    void opened() noexcept override { mailbox_.opened(); }
    void subscribed() noexcept override { mailbox_.subscribed(); }
    void failed(ConnectionFailure failure) noexcept override {
        mailbox_.failed(to_incident(std::move(failure)));
    }
    void arrived(Inbound message) noexcept override {
        heard_ = Clock::now();
        static_cast<void>(handler_->on_message(std::move(message)));
    }
    void retained_came() noexcept override { handler_->on_retained(); }
    void has_room() noexcept override { handler_->on_room(); }

    LinkOptions options_;  // once started, the own thread's between two connections
    std::vector<BrokerUrl> brokers_;
    Handler* handler_ = nullptr;
    // The own thread's: the machine, and what it tried last.
    std::optional<Reconnect> machine_;
    std::size_t tried_broker_ = 0;
    Mailbox mailbox_;
    std::atomic<Clock::time_point> due_{Clock::time_point::max()};
    std::atomic<Clock::time_point> heard_{Clock::time_point::min()};  // when the last message came

    std::mutex login_mutex_;
    std::optional<Login> new_login_;

    // Guards the two below against publish() and stop(); only the own thread
    // changes them. Never held while Paho closes a connection, nor taken in a
    // callback.
    std::mutex connection_mutex_;
    std::unique_ptr<PahoConnection> connection_;
    bool up_ = false;

    std::thread thread_;
};

Result<void> PahoLink::start(Handler& handler) {
    MUSTER_INVARIANT(handler_ == nullptr);
    auto brokers = check(options_);
    if (!brokers) {
        return brokers.error();
    }
    brokers_ = std::move(*brokers);
    handler_ = &handler;
    machine_.emplace(brokers_.size(), Reconnect::Timing{options_.connect_timeout, options_.reconnect_most},
                     Backoff(options_.reconnect_least, options_.reconnect_most, std::random_device{}()),
                     Clock::now());
    thread_ = std::thread([this] { run(); });
    return {};
}

bool PahoLink::publish(const Publication& publication) {
    const std::lock_guard lock(connection_mutex_);
    return up_ && connection_->publish(publication);
}

std::uint32_t PahoLink::room() {
    const std::lock_guard lock(connection_mutex_);
    return up_ ? connection_->room() : 0;
}

bool PahoLink::ask_for_retained(const std::vector<std::string>& topics) {
    const std::lock_guard lock(connection_mutex_);
    return up_ && connection_->ask_for_retained(topics);
}

void PahoLink::stop(const std::vector<Publication>& last) {
    if (!thread_.joinable()) {
        return;
    }
    {
        const std::lock_guard lock(connection_mutex_);
        if (up_) {
            connection_->finish(last, Clock::now() + kFarewell);
        }
    }
    mailbox_.stop();
    thread_.join();
}

void PahoLink::run() {
    while (auto incident = mailbox_.wait(machine_->deadline(), due_)) {
        if (incident->event == LinkEvent::due) {
            machine_->heard(heard_);
            if (*machine_->deadline() > Clock::now()) {
                continue;
            }
            incident->reason = to_string(brokers_[machine_->broker()]) + " gave no answer within " +
                               format_duration(options_.connect_timeout);
        }
        perform(machine_->step(Clock::now(), incident->event), *incident);
    }
    due_ = Clock::time_point::max();
    close();
}

void PahoLink::change_login(Login login) {
    const std::lock_guard lock(login_mutex_);
    new_login_ = std::move(login);
}

void PahoLink::take_new_login() {
    const std::lock_guard lock(login_mutex_);
    if (new_login_) {
        options_.user = std::move(new_login_->user);
        options_.password = std::move(new_login_->password);
        options_.tls = std::move(new_login_->tls);
        new_login_.reset();
    }
}

void PahoLink::perform(LinkAction action, const Incident& incident) {
    const bool waits = action != LinkAction::subscribe && action != LinkAction::announce;
    due_ = Clock::now() + (waits ? Clock::duration(kOpenOrClose) : Clock::duration::zero());
    switch (action) {
        case LinkAction::open:
            open();
            break;
        case LinkAction::subscribe:
            connection_->subscribe();
            break;
        case LinkAction::announce:
            announce();
            break;
        case LinkAction::close:
            close();
            handler_->on_disconnected(explain(incident));
            break;
        case LinkAction::fall_back:
            close();
            break;
    }
}

// More than the failure itself says, where there is more to be known.
std::string PahoLink::explain(const Incident& incident) const {
    if (incident.unexplained) {
        const auto fault = probe_broker(brokers_[tried_broker_], options_.tls, kProbe);
        return fault ? incident.reason + ": " + fault->text : incident.reason;
    }
    const std::string second = "is there a second musterd with client_id \"" + options_.client_id + "\"?";
    if (incident.event == LinkEvent::taken_over) {
        return incident.reason + ": another client has connected with the same id; " + second;
    }
    if (machine_->short_lived() >= kSuspicious && !options_.client_id.empty()) {
        return incident.reason + ", " + std::to_string(machine_->short_lived()) +
               " times in a row soon after it was made; " + second;
    }
    return incident.reason;
}

void PahoLink::open() {
    take_new_login();
    tried_broker_ = machine_->broker();
    auto connection =
        std::make_unique<PahoConnection>(options_, brokers_[tried_broker_], machine_->mqtt_version(), *this);
    {
        const std::lock_guard lock(connection_mutex_);
        connection_ = std::move(connection);
    }
    connection_->open();
}

void PahoLink::announce() {
    if (options_.birth) {
        // Fails only if the connection is lost already, which is noticed by itself.
        static_cast<void>(connection_->publish(*options_.birth));
    }
    {
        const std::lock_guard lock(connection_mutex_);
        up_ = true;
    }
    handler_->on_connected(
        {machine_->mqtt_version(), connection_->window(), to_string(brokers_[machine_->broker()])});
    connection_->ask_for_all_retained();
}

void PahoLink::close() {
    std::unique_ptr<PahoConnection> closing;
    {
        const std::lock_guard lock(connection_mutex_);
        up_ = false;
        closing = std::move(connection_);
    }
    closing.reset();
    mailbox_.clear();
}

}  // namespace

std::unique_ptr<Link> make_paho_link(LinkOptions options) {
    return std::make_unique<PahoLink>(std::move(options));
}

}  // namespace muster::mqtt
