// What is made of the facts about musterd.
#include "daemon/cli/doctor_checks.hpp"
#include "daemon/cli/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace muster::cli::checkup {
namespace json = boost::json;
namespace {

constexpr const char* kLook = "systemctl status musterd; journalctl -u musterd -n 30";

// Requests and devices do not notice less; certificates, tokens and expiring operations do notice more.
constexpr Milliseconds kClockTolerance{2'000};
constexpr Milliseconds kClockWrong{60'000};
// Of musterd itself: store, log, both connections; HTTP's come on top.
constexpr std::uint64_t kDescriptorsLeast = 512;
constexpr std::uint64_t kMebibyte = 1024 * 1024;
// A commit, its log and a checkpoint need no more.
constexpr std::uint64_t kSpaceLeast = 64 * kMebibyte;
constexpr std::uint64_t kSpaceComfortable = 512 * kMebibyte;
constexpr std::uint64_t kInodesLeast = 16;
constexpr std::uint64_t kInodesComfortable = 256;

const json::object& facts_of(const Facts& facts) {
    static const json::object none;
    const auto* found = facts.gateway.facts();
    return found == nullptr ? none : *found;
}

bool is_null(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value == nullptr || value->is_null();
}

std::string size_text(std::uint64_t bytes) {
    return bytes < 1024 * kMebibyte
               ? fmt::format("{} MiB", bytes / kMebibyte)
               : fmt::format("{:.1f} GiB",
                             static_cast<double>(bytes) / (1024.0 * static_cast<double>(kMebibyte)));
}

std::string store_path(const Facts& facts) {
    return text_of(object_of(facts_of(facts), "store_file"), "path");
}

std::string name_of(const Answered& answered) {
    if (answered.refusal) {
        return "one that refuses: " + answered.refusal->message;
    }
    const auto& process = object_of(answered.result, "process");
    return fmt::format("process {} on {}, store {}", count_of(process, "pid"), text_of(process, "host"),
                       text_of(object_of(answered.result, "store_file"), "path"));
}

Finding judge_refusal(const Facts& facts, const Error& refusal) {
    if (refusal.code == ErrorCode::forbidden) {
        return {Verdict::warning, "answers, but says nothing of itself: " + refusal.message,
                fmt::format("Run doctor as a user with the role operator, or give {} one in musterd.yaml "
                            "(roles: {{{}: operator}}), then:\nsystemctl reload musterd",
                            facts.user, facts.user)};
    }
    if (refusal.code == ErrorCode::not_found) {
        return {Verdict::warning, "answers, but is older than this muster and does not know doctor",
                "apt install --only-upgrade musterd"};
    }
    return {Verdict::warning, "answers, but refuses: " + refusal.message, kLook};
}

}  // namespace

Finding judge_answers(const Facts& facts) {
    const auto& gateway = facts.gateway;
    if (!gateway.answers.empty()) {
        return gateway.facts() == nullptr
                   ? judge_refusal(facts, *gateway.answers.front().refusal)
                   : well(fmt::format("answers within {} ms", gateway.round_trip.count()));
    }
    if (gateway.online == false) {
        return {Verdict::problem, "the broker is there, but musterd is offline",
                fmt::format("See why it does not run, and start it:\n{}\nsystemctl start musterd", kLook)};
    }
    if (gateway.online == true) {
        return {
            Verdict::problem,
            fmt::format("says that it is online and does not answer: it hangs, or the broker does not pass "
                        "on the requests of {} and its answers",
                        facts.user),
            fmt::format("See what it does, and that the access list gives {} its topics of protocol/SPEC.md, "
                        "section 10:\n{}",
                        facts.user, kLook)};
    }
    return {
        Verdict::problem,
        fmt::format("the broker is there, but no musterd has been at it with the root {}, or {} may not read "
                    "its status",
                    facts.root, facts.user),
        fmt::format("See whether it runs, which broker and protocol.root it uses, and whether {} has its "
                    "topics in the access list:\n{}",
                    facts.user, kLook)};
}

Finding judge_alone(const Facts& facts) {
    if (facts.gateway.answers.empty()) {
        return skipped("musterd did not answer");
    }
    std::set<std::string> names;
    std::set<std::string> runs;
    for (const auto& each : facts.gateway.answers) {
        if (runs.insert(each.refusal ? each.refusal->message : text_of(each.result, "run")).second) {
            names.insert(name_of(each));
        }
    }
    if (runs.size() == 1) {
        return well("one answers");
    }
    std::string text;
    for (const auto& name : names) {
        text += (text.empty() ? "" : "; ") + name;
    }
    return {Verdict::problem,
            fmt::format(
                "{} answer on {} with the root {}: each sends operations of its own and takes the other's "
                "answers for nonsense ({})",
                runs.size(), facts.broker.url, facts.root, text),
            "Stop all but one, or give each a protocol.root of its own:\nsystemctl disable --now musterd"};
}

Finding judge_link(const Facts& facts) {
    const auto& broker = object_of(facts_of(facts), "broker");
    const auto since = parse_utc(text_of(broker, "since"));
    const auto detail = text_of(broker, "detail");
    const auto now = parse_utc(text_of(object_of(facts_of(facts), "clock"), "now"));
    if (!flag_of(broker, "connected")) {
        return {Verdict::problem, "it was cut off while it answered: " + detail, kLook};
    }
    constexpr Seconds kRecently{300};
    if (!detail.empty() && since && now && *now - *since < kRecently) {
        return {Verdict::warning,
                fmt::format("connected for {} only; before that: {}", format_duration(*now - *since), detail),
                std::string("If it is lost again and again, see what both say:\n") + kLook +
                    "; journalctl -u mosquitto -n 30"};
    }
    return well(since && now ? fmt::format("to {} for {}", text_of(broker, "url"),
                                           format_duration(std::chrono::floor<Seconds>(*now - *since)))
                             : "to " + text_of(broker, "url"));
}

Finding judge_versions(const Facts& facts) {
    const auto version = text_of(facts_of(facts), "version");
    if (version != facts.client_version) {
        return {Verdict::warning, fmt::format("is {}, and this muster is {}", version, facts.client_version),
                "Bring both to the same version:\napt install --only-upgrade musterd"};
    }
    return well(version);
}

Finding judge_descriptors(const Facts& facts) {
    const auto& descriptors = object_of(facts_of(facts), "descriptors");
    const auto limit = count_of(descriptors, "limit");
    const auto open = count_of(descriptors, "open");
    if (limit < kDescriptorsLeast || open > limit / 5 * 4) {
        return {Verdict::warning, fmt::format("it may open {} and has {} open", limit, open),
                "Put LimitNOFILE=4096 under [Service], then restart it:\n"
                "systemctl edit musterd; systemctl restart musterd"};
    }
    return well(fmt::format("it may open {} and has {} open", limit, open));
}

Finding judge_clock(const Facts& facts) {
    const auto& process = object_of(facts_of(facts), "process");
    const bool same_machine =
        !facts.machine.machine.empty() && facts.machine.machine == text_of(process, "machine");
    const auto ahead = facts.gateway.clock_ahead;
    const auto off = std::max(ahead, -ahead) - facts.gateway.round_trip / 2;
    const auto* synchronised = object_of(facts_of(facts), "clock").if_contains("synchronised");
    if (!same_machine && off > kClockTolerance) {
        return {
            off > kClockWrong ? Verdict::problem : Verdict::warning,
            fmt::format("musterd's is {} {} this machine's: devices drop operations that have expired for "
                        "them, and times mean nothing",
                        format_duration(std::max(ahead, -ahead)), ahead.count() > 0 ? "ahead of" : "behind"),
            "Set both by NTP:\ntimedatectl set-ntp true; timedatectl status"};
    }
    if (synchronised != nullptr && synchronised->is_bool() && !synchronised->get_bool()) {
        return {Verdict::warning, "nothing keeps the clock of musterd's machine right",
                "Set it by NTP (Debian: apt install systemd-timesyncd):\n"
                "timedatectl set-ntp true; timedatectl status"};
    }
    return well(fmt::format("{}{}", same_machine ? "musterd is on this machine" : "as this machine's",
                            synchronised != nullptr && synchronised->is_bool() ? ", set by NTP" : ""));
}

Finding judge_store(const Facts& facts) {
    const auto& store = object_of(facts_of(facts), "store");
    if (!flag_of(store, "healthy")) {
        return {Verdict::problem, fmt::format("{}: {}", text_of(store, "state"), text_of(store, "detail")),
                fmt::format("Nothing is sent and no job taken until it is mended. See its disk:\n"
                            "df -h {0}; df -i {0}; journalctl -k -n 30",
                            store_path(facts))};
    }
    return well(fmt::format("{}, {}", store_path(facts),
                            size_text(count_of(object_of(facts_of(facts), "store_file"), "bytes"))));
}

Finding judge_integrity(const Facts& facts) {
    const auto& check = object_of(facts_of(facts), "store_check");
    const auto state = text_of(check, "state");
    const auto detail = text_of(check, "detail");
    if (state == "ok") {
        return well(
            fmt::format("the whole file was read in {} ms and makes sense", count_of(check, "took_ms")));
    }
    if (state == "running") {
        return skipped("the file is still being read: ask again for the outcome");
    }
    if (state == "damaged") {
        return {Verdict::problem, "the store's file is damaged: " + detail,
                fmt::format("Stop musterd, keep the damaged file, and restore a backup:\n"
                            "systemctl stop musterd; cp {0} {0}.damaged; musterd restore BACKUP",
                            store_path(facts))};
    }
    if (state == "too_long") {
        return {Verdict::warning, "the file is too large to be read through beside musterd's work",
                fmt::format("Stop musterd for it when it suits:\nsqlite3 {} 'PRAGMA quick_check'",
                            store_path(facts))};
    }
    if (state == "unreadable") {
        return {Verdict::warning, "the file could not be read through: " + detail,
                fmt::format("See its disk:\nls -l {}; journalctl -k -n 30", store_path(facts))};
    }
    return skipped("musterd did not begin to read the file");
}

Finding judge_space(const Facts& facts) {
    const auto& disk = object_of(facts_of(facts), "disk");
    if (is_null(disk, "free_bytes")) {
        return skipped("musterd cannot see the store's disk");
    }
    const auto free = count_of(disk, "free_bytes");
    const auto stored = count_of(object_of(facts_of(facts), "store_file"), "bytes");
    const auto found =
        fmt::format("{} of {} are free", size_text(free), size_text(count_of(disk, "total_bytes")));
    const auto fix = fmt::format(
        "Free some, or move the store to a larger disk (store.path):\n"
        "df -h {0}; du -xh --max-depth=2 \"$(dirname {0})\" | sort -h | tail",
        store_path(facts));
    if (free < kSpaceLeast) {
        return {Verdict::problem, found + ": soon no job can be taken any more", fix};
    }
    if (free < std::max(kSpaceComfortable, stored)) {
        return {Verdict::warning,
                found + (free < stored ? ": not enough for a backup beside the store" : ": not much"), fix};
    }
    return well(found);
}

Finding judge_inodes(const Facts& facts) {
    const auto& disk = object_of(facts_of(facts), "disk");
    if (is_null(disk, "free_inodes")) {
        return well("its file system has no fixed number of them");
    }
    const auto free = count_of(disk, "free_inodes");
    const auto found = fmt::format("{} of {}", free, count_of(disk, "total_inodes"));
    if (free < kInodesComfortable) {
        return {free < kInodesLeast ? Verdict::problem : Verdict::warning,
                found + ": soon no file can be made",
                fmt::format("Find what fills the disk with small files:\n"
                            "df -i {0}; du -x --inodes \"$(dirname {0})\" | sort -n | tail",
                            store_path(facts))};
    }
    return well(found);
}

}  // namespace muster::cli::checkup
