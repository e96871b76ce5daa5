#include "tests/crash/failpoints.hpp"

#include "tests/support/lent_store.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace muster::crash {
namespace {

using When = FailpointRow::When;

// clang-format off
constexpr std::array kTable{
    FailpointRow{Failpoint::making_store,           "making_store",           When::first_start, true},
    FailpointRow{Failpoint::store_opened,           "store_opened",           When::working, true},
    FailpointRow{Failpoint::store_loaded,           "store_loaded",           When::working, true},
    FailpointRow{Failpoint::link_connected,         "link_connected",         When::working, true},
    FailpointRow{Failpoint::message_arrived,        "message_arrived",        When::working},
    FailpointRow{Failpoint::before_commit,          "before_commit",          When::working},
    FailpointRow{Failpoint::in_commit,              "in_commit",              When::working},
    FailpointRow{Failpoint::before_sync,            "before_sync",            When::working},
    FailpointRow{Failpoint::after_commit,           "after_commit",           When::working},
    FailpointRow{Failpoint::before_operation,       "before_operation",       When::working},
    FailpointRow{Failpoint::after_operation,        "after_operation",        When::working},
    FailpointRow{Failpoint::before_answer,          "before_answer",          When::working},
    FailpointRow{Failpoint::after_answer,           "after_answer",           When::working},
    FailpointRow{Failpoint::before_job_topic,       "before_job_topic",       When::working},
    FailpointRow{Failpoint::after_job_topic,        "after_job_topic",        When::working},
    FailpointRow{Failpoint::before_clear,           "before_clear",           When::working, true},
    FailpointRow{Failpoint::after_clear,            "after_clear",            When::working, true},
    FailpointRow{Failpoint::in_checkpoint,          "in_checkpoint",          When::ending, true},
    FailpointRow{Failpoint::before_checkpoint_sync, "before_checkpoint_sync", When::ending, true},
};
// clang-format on

class WatchedStore final : public test::LentStore {
public:
    WatchedStore(std::unique_ptr<Store> real, Trigger& trigger)
        : LentStore(*real), real_(std::move(real)), trigger_(trigger) {}

    Result<core::Snapshot> load() override {
        auto snapshot = real_->load();
        trigger_.visit(Failpoint::store_loaded);
        return snapshot;
    }
    Result<void> commit(std::span<const core::Change> changes) override {
        trigger_.visit(Failpoint::before_commit);
        auto committed = real_->commit(changes);
        trigger_.visit(Failpoint::after_commit);
        return committed;
    }
    Result<void> begin_commit(std::span<const core::Change> changes, std::function<void()> ready) override {
        trigger_.visit(Failpoint::before_commit);
        return real_->begin_commit(changes, std::move(ready));
    }
    Result<void> end_commit() override {
        auto committed = real_->end_commit();
        trigger_.visit(Failpoint::after_commit);
        return committed;
    }

private:
    std::unique_ptr<Store> real_;
    Trigger& trigger_;
};

struct Around {
    Failpoint before;
    Failpoint after;
};

std::optional<Around> around(const mqtt::Publication& publication) {
    if (publication.retain && publication.payload.empty()) {
        return Around{Failpoint::before_clear, Failpoint::after_clear};
    }
    if (publication.topic.ends_with("/cmd")) {
        return Around{Failpoint::before_operation, Failpoint::after_operation};
    }
    if (publication.topic.find("/res/") != std::string::npos) {
        return Around{Failpoint::before_answer, Failpoint::after_answer};
    }
    if (publication.topic.find("/job/") != std::string::npos && publication.retain) {
        return Around{Failpoint::before_job_topic, Failpoint::after_job_topic};
    }
    return std::nullopt;
}

class WatchedLink final : public mqtt::Link, private mqtt::Handler {
public:
    WatchedLink(std::unique_ptr<Link> real, Trigger& trigger) : real_(std::move(real)), trigger_(trigger) {}

    Result<void> start(Handler& handler) override {
        handler_ = &handler;
        return real_->start(*this);
    }
    bool publish(const mqtt::Publication& publication) override {
        const auto points = around(publication);
        if (points) {
            trigger_.visit(points->before);
        }
        const bool taken = real_->publish(publication);
        if (points && taken) {
            trigger_.visit(points->after);
        }
        return taken;
    }
    std::uint32_t room() override { return real_->room(); }
    bool ask_for_retained(const std::vector<std::string>& topics) override {
        return real_->ask_for_retained(topics);
    }
    void stop(const std::vector<mqtt::Publication>& last) override { real_->stop(last); }
    std::chrono::steady_clock::time_point due() const noexcept override { return real_->due(); }
    void change_login(mqtt::Login login) override { real_->change_login(std::move(login)); }

private:
    void on_connected(const mqtt::Connected& connected) noexcept override {
        trigger_.visit(Failpoint::link_connected);
        handler_->on_connected(connected);
    }
    void on_disconnected(const std::string& reason) noexcept override { handler_->on_disconnected(reason); }
    bool on_message(mqtt::Inbound message) noexcept override {
        trigger_.visit(Failpoint::message_arrived);
        return handler_->on_message(std::move(message));
    }
    void on_retained() noexcept override { handler_->on_retained(); }
    void on_room() noexcept override { handler_->on_room(); }

    std::unique_ptr<Link> real_;
    Trigger& trigger_;
    Handler* handler_ = nullptr;
};

}  // namespace

std::span<const FailpointRow> failpoint_table() {
    return kTable;
}

std::optional<Failpoint> failpoint_named(std::string_view name) {
    const auto* row = std::ranges::find(kTable, name, &FailpointRow::name);
    return row == kTable.end() ? std::nullopt : std::optional(row->point);
}

Trigger::Trigger(Failpoint point, int visit, std::chrono::milliseconds pause, std::string note)
    : point_(point), visit_(visit), pause_(pause), note_(std::move(note)) {}

void Trigger::visit(Failpoint point) noexcept {
    if (point == point_ && ++visits_ == visit_) {
        die();
    }
}

void Trigger::die() const noexcept {
    const auto name = std::ranges::find(kTable, point_, &FailpointRow::point)->name;
    const int file = ::open(note_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || ::write(file, name.data(), name.size()) < 0) {
        std::abort();  // a death of another kind, so that it is noticed
    }
    std::this_thread::sleep_for(pause_);
    ::kill(::getpid(), SIGKILL);
    std::abort();
}

FailpointParts::FailpointParts(Trigger& trigger) : trigger_(trigger) {
    disk_.watch([this](test::DiskCall call, std::string_view file) { visit_disk(call, file); });
}

Result<std::unique_ptr<store::Store>> FailpointParts::open_store(const std::string& path) {
    auto store = Parts::open_store(path);
    if (!store) {
        return store;
    }
    opened_ = true;
    trigger_.visit(Failpoint::store_opened);
    return std::unique_ptr<store::Store>(std::make_unique<WatchedStore>(std::move(*store), trigger_));
}

std::unique_ptr<mqtt::Link> FailpointParts::make_link(mqtt::LinkOptions options) {
    return std::make_unique<WatchedLink>(Parts::make_link(std::move(options)), trigger_);
}

void FailpointParts::visit_disk(test::DiskCall call, std::string_view file) noexcept {
    const bool write = call == test::DiskCall::write;
    if (!write && call != test::DiskCall::sync) {
        return;
    }
    if (file.find(".new") != std::string_view::npos) {
        trigger_.visit(Failpoint::making_store);
    } else if (file.ends_with("-wal")) {
        trigger_.visit(write ? Failpoint::in_commit : Failpoint::before_sync);
    } else if (opened_) {  // from then on only a checkpoint writes to the file itself
        trigger_.visit(write ? Failpoint::in_checkpoint : Failpoint::before_checkpoint_sync);
    }
}

}  // namespace muster::crash
