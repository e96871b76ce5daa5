// What the engine thread has to do next: the one queue into it. Bounded for
// what comes from outside; a full queue refuses, and the refusal is counted.
//
// Requests that only read go before what devices say: somebody waits for the answer,
// while a job at full speed keeps hundreds of acks waiting, which lose nothing by it. A
// request that changes something keeps its place, so that a device which is deleted has
// nothing left to say; and reads behind it keep theirs, until it is carried out.
//
// Threads: push, add and end_wait from any; the others from the engine thread.
#pragma once

#include "daemon/core/engine_options.hpp"
#include "daemon/mqtt/link.hpp"
#include "daemon/runtime/roles.hpp"
#include "protocol/time.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace muster::runtime {

// A message over its limit: what is left of it when its payload is let go.
struct Oversized {
    mqtt::Inbound head;
    std::size_t bytes = 0;  // of the payload that it had
};
// A call that did not come over the broker.
struct Asking {
    api::Call call;
    std::size_t bytes = 0;  // that it holds of memory, about
    std::function<void(Result<boost::json::object>)> answer;
};
struct Disconnected {
    std::string reason;
};
struct LinkHasRoom {};
struct RetainedCame {};
struct RolesChanged {
    RoleTable roles;
};
struct RetentionChanged {
    core::KeepFor keep;
};
struct StopAsked {};

using InboxItem = std::variant<mqtt::Inbound, Oversized, Asking, mqtt::Connected, Disconnected, LinkHasRoom,
                               RetainedCame, RolesChanged, RetentionChanged, StopAsked>;

// What a message holds of memory. A sender of MQTT 5 can put 64 KiB each into
// the topic and the properties.
[[nodiscard]] std::size_t bytes_of(const mqtt::Inbound& message);

class Inbox {
public:
    // Messages waiting together, with all that they carry; requests are 4 MiB at
    // most, device messages 16 KiB.
    static constexpr std::size_t kMostBytes = 256 * 1024 * 1024;

    explicit Inbox(std::size_t most_messages) : most_messages_(most_messages) {}

    // false: full, the message was not taken.
    [[nodiscard]] bool push(std::variant<mqtt::Inbound, Oversized> message);
    // The same for a request; `reads`: it changes nothing.
    [[nodiscard]] bool push_request(std::variant<mqtt::Inbound, Asking> request, bool reads);
    // The same for what can be asked for again: a quarter of the room is left to what cannot, so that devices
    // who all come at once do not push out what others answer.
    [[nodiscard]] bool push_if_roomy(mqtt::Inbound message);
    // For the few things that must not be lost.
    void add(InboxItem item);

    // Waits until there is something, at most `patience` (absent: for ever), then
    // moves up to `most` items to the end of `batch`: reads first, but no more than half when there
    // are others, then the oldest.
    // What was taken before is done.
    void take(std::vector<InboxItem>& batch, std::size_t most, std::optional<Milliseconds> patience);
    // One of the changes in the last batch is carried out before anything else is. Reads that come
    // from now on need not stay behind it: who was answered may ask at once what came of it.
    void change_begins();
    // Reads that came while a batch is at work, and need not wait for its end.
    [[nodiscard]] bool has_reads() const noexcept { return has_reads_; }
    void take_reads(std::vector<InboxItem>& batch, std::size_t most);
    // For one who waits for something else, which end_wait() tells, once for each time: whether there are
    // reads to be taken first. The other has come when there are none.
    [[nodiscard]] bool wait_for_reads();
    void end_wait();

    [[nodiscard]] std::uint64_t refused() const;
    [[nodiscard]] std::size_t waiting() const;

private:
    struct Entry {
        InboxItem item;
        bool holds_reads = false;  // reads that come later stay behind it: a change
    };
    // Oldest first; those that were taken are removed now and then.
    class Lane {
    public:
        void add(Entry entry) { entries_.push_back(std::move(entry)); }
        [[nodiscard]] std::size_t size() const noexcept { return entries_.size() - taken_; }
        // Up to `most` to the end of `batch`.
        void move_to(std::vector<InboxItem>& batch, std::size_t most, std::size_t& bytes_left,
                     std::size_t& holding_left);

    private:
        std::vector<Entry> entries_;
        std::size_t taken_ = 0;  // entries_ before this were moved out
    };

    [[nodiscard]] bool push(InboxItem item, std::size_t most_messages, std::size_t most_bytes);
    // The same with the lock held.
    [[nodiscard]] bool add_if_room(Lane& lane, Entry entry, std::size_t most_messages,
                                   std::size_t most_bytes);
    [[nodiscard]] std::size_t size() const noexcept { return reads_.size() + others_.size(); }

    const std::size_t most_messages_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::condition_variable read_filled_;  // there are reads, or a wait has ended
    Lane reads_;
    Lane others_;
    std::size_t bytes_ = 0;            // of the messages in both
    std::size_t holding_ = 0;          // entries that hold reads
    std::size_t holding_at_work_ = 0;  // and those that the last take() took and that have not begun
    std::atomic<bool> has_reads_{false};
    bool wait_ended_ = false;
    std::uint64_t refused_ = 0;
};

}  // namespace muster::runtime
