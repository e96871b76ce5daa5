// Devices, device sets and templates that changed, told to who watches: at most
// every kInterval, and by name only while they are few.
//
// Threads: the engine thread.
#pragma once

#include "daemon/api/feed.hpp"
#include "daemon/core/engine.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace muster::runtime {

class FleetEvents {
public:
    static constexpr Milliseconds kInterval{1'000};
    static constexpr std::size_t kMostDevices = 500;  // named in one event
    static constexpr std::size_t kMostNames = 100;    // of one kind

    // `feed` may be null: nobody watches.
    explicit FleetEvents(api::Feed* feed) : feed_(feed) {}

    // After the step that gave the notice was committed.
    void note(const core::Notice& notice);
    // Tells what changed, if it is time.
    void flush(const core::Engine& engine, TimePoint now);
    // When flush() has something to do; absent: nothing changed.
    [[nodiscard]] std::optional<TimePoint> due() const;

private:
    void note_presence(const std::string& device, bool online);
    void note_registry(std::string_view kind, const std::string& name);

    api::Feed* feed_;
    std::map<std::string, bool> presence_;
    bool more_devices_ = false;
    bool counts_moved_ = false;
    std::set<std::pair<std::string_view, std::string>> names_;
    std::set<std::string_view> many_;  // kinds of which more than can be named changed
    TimePoint last_flush_{};
};

}  // namespace muster::runtime
