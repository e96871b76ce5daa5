#include "device-sim/model/device_model.hpp"

#include "device-sim/model/device_kind.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace muster::sim {
namespace {

namespace json = boost::json;

constexpr int kAccepted = 202;
constexpr int kBadRequest = 400;
constexpr int kNotNow = 503;
constexpr std::uint64_t kLongestPostponementSeconds = 3;

constexpr std::array<std::string_view, 4> kRejections{
    "out of range",
    "door open, fan locked",
    "locked by the operator on site",
    "not while defrosting",
};

bool comes_too_late(const OperationMessage& message, TimePoint now) {
    return message.expires && std::chrono::floor<Seconds>(now).time_since_epoch().count() > *message.expires;
}

// null takes a value away.
bool would_change(const json::object& state, json::string_view name, const json::value& value) {
    const json::value* now = state.if_contains(name);
    return value.is_null() ? now != nullptr : now == nullptr || *now != value;
}

Ack make_ack(const Reaction& reaction, const Verdict& verdict) {
    Ack ack;
    ack.id = reaction.operation;
    ack.code = verdict.code;
    ack.message = verdict.message;
    return ack;
}

}  // namespace

DeviceModel::DeviceModel(const FleetOptions& options, std::string id, std::size_t number, DeviceTraits traits)
    : options_(&options),
      id_(std::move(id)),
      state_(initial_state(options.template_name, Random(stable_number(options.seed, id_, "state")))),
      remembered_(options.remembers),
      random_(stable_number(options.seed, id_, "events")),
      number_(static_cast<std::uint32_t>(number)),
      traits_(traits) {}

DeviceInfo DeviceModel::info() const {
    DeviceInfo info;
    info.template_name = options_->template_name;
    info.name = device_name(options_->template_name, number_);
    info.remembers = options_->remembers;
    for (const TagSpread& tag : options_->tags) {
        const std::uint64_t choice = stable_number(options_->seed, id_, "tag " + tag.name);
        info.tags[tag.name] = tag.values[choice % tag.values.size()];
    }
    return info;
}

std::vector<Publication> DeviceModel::on_connected(TimePoint now) {
    online_ = !traits_.offline;
    ++session_;
    return births(now);
}

std::vector<Publication> DeviceModel::births(TimePoint now) const {
    std::vector<Publication> publications{{PublicationKind::info, encode(info()), now}};
    if (!traits_.offline) {
        publications.push_back({PublicationKind::state, format_json(state_), now});
    }
    publications.push_back({PublicationKind::status, std::string(encode_status(online_)), now});
    return publications;
}

Publication DeviceModel::farewell(TimePoint now) {
    return {PublicationKind::status, std::string(encode_status(false)), now};
}

void DeviceModel::on_reboot(Memory memory) noexcept {
    online_ = false;
    if (memory == Memory::lost) {
        remembered_.forget();
    }
}

Milliseconds DeviceModel::time_online() noexcept {
    return random_.within(options_->faults.churn.value_or(DurationRange{}));
}

Milliseconds DeviceModel::time_away() noexcept {
    return random_.within(options_->faults.away);
}

Reaction DeviceModel::on_message(TimePoint now, std::string_view payload) {
    Reaction reaction;
    if (!online_) {
        reaction.outcome = Outcome::offline;
        return reaction;
    }
    const Result<OperationMessage> message = decode_operation(payload);
    if (!message) {
        return reaction;
    }
    reaction.operation = message->id;
    const Faults& faults = options_->faults;
    const bool dropped = random_.chance(faults.drop);
    const bool before = faults.drop_moment == LossMoment::before ||
                        (faults.drop_moment == LossMoment::either && dropped && random_.chance(50));
    if (dropped && before) {
        reaction.outcome = Outcome::lost;
        return reaction;
    }
    answer(now, *message, reaction);
    if (dropped && !reaction.publications.empty()) {
        reaction.ack_lost = true;
        std::erase_if(reaction.publications, [](const Publication& publication) {
            return publication.kind != PublicationKind::state;
        });
    }
    return reaction;
}

void DeviceModel::answer(TimePoint now, const OperationMessage& message, Reaction& reaction) {
    if (const Verdict* earlier = remembered_.find(message.id)) {
        answer_again(now, *earlier, reaction);
        return;
    }
    if (comes_too_late(message, now)) {
        reaction.outcome = Outcome::expired;
        return;
    }
    if (!traits_.text_acks && random_.chance(options_->faults.not_now)) {
        reaction.outcome = Outcome::not_now;
        postpone(now, reaction);
        return;
    }
    bool changed = false;
    Verdict verdict = carry_out(message, changed);
    // SPEC 4.8: one after the other, whatever the delays.
    busy_until_ = std::max(busy_until_, now + random_.within(options_->faults.delay));
    verdict.due = busy_until_;
    remembered_.remember(message.id, verdict);
    const bool executed = verdict.code < kBadRequest;
    reaction.outcome = executed ? Outcome::executed : Outcome::rejected;
    if (executed && message.kind == OperationKind::call && options_->faults.progress) {
        report_progress(now, verdict.due, reaction);
    }
    if (changed) {
        reaction.publications.push_back({PublicationKind::state, format_json(state_), verdict.due});
    }
    acknowledge(verdict, reaction);
}

// SPEC 5.10, 2 and 3.
void DeviceModel::answer_again(TimePoint now, Verdict earlier, Reaction& reaction) {
    reaction.outcome = Outcome::repeated;
    if (now < earlier.due) {
        reaction.publications.push_back(
            {PublicationKind::progress, ack_payload(make_ack(reaction, {kAccepted, {}, {}})), now});
        return;
    }
    earlier.due = now + random_.within(options_->faults.delay);
    acknowledge(earlier, reaction);
}

Verdict DeviceModel::carry_out(const OperationMessage& message, bool& changed) {
    if (traits_.rejects) {
        return rejection();
    }
    if (message.kind == OperationKind::call) {
        changed = true;
        state_["lastCommand"] = message.command;
        return {};
    }
    return apply(message, changed);
}

Verdict DeviceModel::rejection() const noexcept {
    const std::uint64_t choice = stable_number(options_->seed, id_, "rejection");
    return {kBadRequest, kRejections[choice % kRejections.size()], {}};
}

// All or nothing: a value that cannot be taken leaves the others untouched too.
Verdict DeviceModel::apply(const OperationMessage& message, bool& changed) {
    for (const auto& [name, value] : message.values) {
        if (const std::string_view why = complaint(options_->template_name, name, value); !why.empty()) {
            return {kBadRequest, why, {}};
        }
        changed = changed || would_change(state_, name, value);
    }
    if (!changed) {
        return {};
    }
    json::object wanted = state_;
    for (const auto& [name, value] : message.values) {
        if (value.is_null()) {
            wanted.erase(name);
        } else {
            wanted[name] = value;
        }
    }
    if (wanted.size() > limits::kValuesPerDevice || format_json(wanted).size() > limits::kStateBytes) {
        changed = false;
        return {kBadRequest, "memory full", {}};
    }
    state_ = std::move(wanted);
    return {};
}

// SPEC 5.10, 5: not remembered, so that it can be asked again.
void DeviceModel::postpone(TimePoint now, Reaction& reaction) {
    Ack ack = make_ack(reaction, {kNotNow, "busy", {}});
    ack.after = static_cast<std::int64_t>(1 + random_.below(kLongestPostponementSeconds));
    reaction.publications.push_back({PublicationKind::ack, ack_payload(ack), now});
}

void DeviceModel::report_progress(TimePoint now, TimePoint due, Reaction& reaction) {
    for (const int percent : {0, 50}) {
        Ack ack = make_ack(reaction, {kAccepted, {}, {}});
        ack.progress = percent;
        reaction.publications.push_back(
            {PublicationKind::progress, ack_payload(ack), now + (due - now) * percent / 100});
    }
}

void DeviceModel::acknowledge(const Verdict& verdict, Reaction& reaction) {
    if (random_.chance(options_->faults.malformed)) {
        reaction.publications.push_back(
            {PublicationKind::malformed_ack, garbage(reaction.operation), verdict.due});
        return;
    }
    const std::string payload = ack_payload(make_ack(reaction, verdict));
    if (random_.chance(options_->faults.duplicate)) {
        reaction.publications.push_back({PublicationKind::ack, payload, verdict.due});
    }
    reaction.publications.push_back({PublicationKind::ack, payload, verdict.due});
}

std::string DeviceModel::ack_payload(const Ack& ack) const {
    if (!traits_.text_acks) {
        return encode(ack);
    }
    return fmt::format("{} {}{}{}", ack.id, ack.code, ack.message.empty() ? "" : " ", ack.message);
}

std::string DeviceModel::garbage(std::string_view operation) {
    switch (random_.below(6)) {
        case 0:
            return {};
        case 1:
            return fmt::format(R"({{"id":"{}","code":)", operation);
        case 2:
            return fmt::format(R"({{"id":"{}","code":99}})", operation);
        case 3:
            return fmt::format("{} done", operation);
        case 4:
            return std::string(limits::kAckBytes + 1, '{');
        default:
            return "\xFF\xFE\x80";
    }
}

}  // namespace muster::sim
