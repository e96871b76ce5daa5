#include "tests/scenario/driver.hpp"

#include "config/documents.hpp"
#include "daemon/api/render.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace muster::scenario {
namespace json = boost::json;
namespace {

const TimePoint kStart = parse_utc("2026-01-01T10:00:00Z").value();

[[noreturn]] void stop(const std::string& why) {
    std::fprintf(stderr, "scenario: %s\n", why.c_str());
    std::abort();
}

std::vector<std::string> split(const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> words;
    for (std::string word; in >> word;) {
        words.push_back(word);
    }
    return words;
}

// The rest of the line behind its first `count` words.
std::string behind(const std::string& line, std::size_t count) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < count && at != std::string::npos; ++i) {
        at = line.find(' ', at);
        at = at == std::string::npos ? at : line.find_first_not_of(' ', at);
    }
    return at == std::string::npos ? std::string{} : line.substr(at);
}

DeviceId device_id(const std::string& text) {
    return DeviceId::parse(text).value();
}

Milliseconds duration_of(const std::string& text) {
    const auto number = std::strtoll(text.c_str(), nullptr, 10);
    const auto unit = text.substr(std::to_string(number).size());
    const std::map<std::string, std::int64_t> units{
        {"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}};
    const auto found = units.find(unit);
    return found == units.end() ? (stop("no duration: " + text), Milliseconds{})
                                : Milliseconds{number * found->second};
}

json::value json_of(const std::string& text) {
    auto value = parse_json(text, limits::kRequestBytes, limits::kRequestJsonDepth);
    return value ? std::move(value).value() : (stop("no JSON: " + text), json::value{});
}

std::string tally_text(const core::Tally& tally) {
    return fmt::format("{} selected: {} succeeded, {} failed, {} pending", tally.selected(), tally.succeeded,
                       tally.failed, tally.pending);
}

bool is_shown(core::NoticeKind kind) {
    switch (kind) {
        case core::NoticeKind::job_started:
        case core::NoticeKind::job_stopped:
        case core::NoticeKind::job_ended:
        case core::NoticeKind::job_deleted:
        case core::NoticeKind::execution_completed:
        case core::NoticeKind::execution_failed:
        case core::NoticeKind::execution_progress:
        case core::NoticeKind::operation_refused:
        case core::NoticeKind::ack_duplicate:
        case core::NoticeKind::ack_late:
        case core::NoticeKind::ack_foreign:
            return true;
        case core::NoticeKind::job_saved:
        case core::NoticeKind::operation_sent:
        case core::NoticeKind::operation_resent:
        case core::NoticeKind::device_registered:
        case core::NoticeKind::device_changed:
        case core::NoticeKind::device_deleted:
        case core::NoticeKind::device_online:
        case core::NoticeKind::device_offline:
        case core::NoticeKind::devices_full:
        case core::NoticeKind::set_changed:
        case core::NoticeKind::template_changed:
            return false;
    }
    return false;
}

// Operation ids without their tag: "1.0.0" is job, execution, message.
std::string short_id(const std::string& id) {
    return id.substr(0, id.find('-'));
}

}  // namespace

Driver::Driver() : now_(kStart) {
    engine_ = std::make_unique<core::Engine>(core::EngineOptions{}, store_.load().value());
    step(core::LinkUp{300});
    out_.clear();
}

std::string Driver::clock() const {
    const auto passed = now_ - kStart;
    return fmt::format("[{:>6}.{:03}]", passed.count() / 1000, passed.count() % 1000);
}

std::string Driver::play(const std::string& line) {
    out_.clear();
    const auto words = split(line);
    const auto& command = words.front();
    if (command == "fleet") {
        fleet(words);
    } else if (command == "call") {
        call(words.at(1), behind(line, 2));
    } else if (command == "job") {
        job(words);
    } else if (command == "ack") {
        ack(words, behind(line, 3));
    } else if (command == "online" || command == "offline") {
        presence(words, command == "online");
    } else if (command == "info") {
        step(core::InfoReceived{device_id(words.at(1)), decode_info(behind(line, 2)).value()});
    } else if (command == "state") {
        step(core::StateReceived{device_id(words.at(1)), decode_state(behind(line, 2)).value()});
    } else if (command == "wait") {
        wait(words.at(1));
    } else if (command == "link") {
        words.at(1) == "up" ? link_up(words.size() > 2 && words[2] == "empty") : step(core::LinkDown{});
    } else if (command == "refuse") {
        step(core::SendRefused{sent_.at(words.at(1)).back().operation});
    } else if (command == "keep") {
        step(core::RetentionChanged{{Seconds{std::stoll(words.at(1)) * 86'400}, Seconds{0}}});
    } else if (command == "crash") {
        crash();
    } else if (command == "show") {
        show(words);
    } else {
        stop("no such command: " + line);
    }
    return out_;
}

// fleet COUNT: the example templates and sets, and fridge-1 … online, remembering 8 ids.
void Driver::fleet(const Words& words) {
    for (const auto* file : {"templates/refrigerator.yaml", "templates/coffee-machine.yaml",
                             "templates/edge-gateway.yaml", "device-sets.yaml"}) {
        const auto documents = config::read_documents(std::string(MUSTER_EXAMPLE_FLEET) + "/" + file);
        for (const auto& document : documents.value()) {
            const auto is_template = document.kind == config::DocumentKind::device_template;
            call(is_template ? "template/put" : "set/put",
                 json::serialize(is_template ? json::object{{"document", document.body}} : document.body));
        }
    }
    const auto count = std::stoul(words.at(1));
    for (std::size_t i = 1; i <= count; ++i) {
        const auto id = device_id("fridge-" + std::to_string(i));
        step(core::InfoReceived{id, {1, "refrigerator", "", {{"site", i % 2 == 1 ? "oslo" : "bergen"}}, 8}});
        step(core::StatusReceived{id, true, false});
    }
    out_.clear();
    say(fmt::format("{} refrigerators online", count));
}

void Driver::call(const std::string& verb, const std::string& body) {
    auto text = body.empty() ? std::string("{}") : body;
    if (const auto at = text.find("$DIGEST"); at != std::string::npos) {
        text.replace(at, 7, digest_);
    }
    const api::Call call{"anna", api::Role::admin, verb, json_of(text).as_object()};
    auto prepared = api::prepare(call, view());
    if (!prepared) {
        tell_reply(prepared.error());
    } else if (!prepared->request) {
        tell_reply(prepared->answer(view(), nullptr));
    } else {
        prepared_ = std::move(prepared).value();
        step(core::Asked{1, "anna", *prepared_->request});
    }
}

// job NAME SET TYPE OPERATION… [run] [devices=a,b] [except=a] [timeout=60] [offline=fail] [window=1]
void Driver::job(const Words& words) {
    json::object body{{"name", words.at(1)}, {"set", words.at(2)}, {"type", words.at(3)}};
    json::array operations;
    json::object policy;
    const auto ids = [](const std::string& text) {
        json::array list;
        std::istringstream in(text);
        for (std::string id; std::getline(in, id, ',');) {
            list.emplace_back(id);
        }
        return list;
    };
    for (auto word = words.begin() + 4; word != words.end(); ++word) {
        const auto equals = word->find('=');
        const auto name = word->substr(0, equals);
        const auto value = equals == std::string::npos ? std::string{} : word->substr(equals + 1);
        if (name == "run") {
            body["run"] = true;
        } else if (name == "devices") {
            body["selection"] = json::object{{"devices", ids(value)}};
        } else if (name == "except") {
            body["selection"] = json::object{{"all", true}, {"except", ids(value)}};
        } else if (name == "timeout") {
            policy["timeout_seconds"] = std::stoll(value);
        } else if (name == "offline") {
            policy["offline"] = value;
        } else if (name == "window") {
            policy["window"] = std::stoll(value);
        } else {
            operations.push_back(
                words.at(3) == "commands"
                    ? json::object{{"name", name}, {"args", value.empty() ? json::object{} : json_of(value)}}
                    : json::object{{"name", name}, {"value", json_of(value)}});
        }
    }
    body["operations"] = std::move(operations);
    body["policy"] = std::move(policy);
    call("job/save", json::serialize(body));
}

// ack DEVICE [first|last|ID] CODE-AND-REST: JSON members or text form behind the id.
void Driver::ack(const Words& words, const std::string& text) {
    const auto& all = sent_.at(words.at(1));
    const auto& which = words.at(2);
    const auto id = which == "last" ? all.back().id : which == "first" ? all.front().id : which;
    const auto decoded = text.front() == '{' ? [&] {
        auto members = json_of(text).as_object();
        members["id"] = id;
        return decode_ack(json::serialize(members));
    }() : decode_ack(id + " " + text);
    if (!decoded) {
        say("malformed: " + decoded.error().message);
        return;
    }
    step(core::AckReceived{device_id(words.at(1)), *decoded});
}

void Driver::presence(const Words& words, bool online) {
    const auto retained = words.size() > 2 && words[2] == "retained";
    step(core::StatusReceived{device_id(words.at(1)), online, retained});
}

void Driver::wait(const std::string& duration) {
    const auto end = now_ + duration_of(duration);
    while (due_ && *due_ <= end) {
        now_ = std::max(now_, *due_);
        step(core::Tick{});
    }
    now_ = end;
}

// The process dies and is started again with what the store holds.
void Driver::crash() {
    effects_.clear();
    engine_ = std::make_unique<core::Engine>(core::EngineOptions{}, store_.load().value());
    step(core::LinkDown{});
    link_up(false);
}

// The broker tells first what it retains: who was online; an empty one was restarted and forgot.
void Driver::link_up(bool empty) {
    std::vector<DeviceId> online;
    engine_->registry().for_each_after("", [&](core::DeviceIndex, const core::Device& device) {
        if (device.online && !empty) {
            online.push_back(device.id);
        }
        return true;
    });
    for (const auto& id : online) {
        step(core::StatusReceived{id, true, true});
    }
    step(core::LinkUp{300});
}

// show JOB: the job and every device of it. show fleet: the devices.
void Driver::show(const Words& words) {
    if (words.at(1) == "fleet") {
        engine_->registry().for_each_after("", [this](core::DeviceIndex, const core::Device& device) {
            say(fmt::format("{} {} settings={} properties={} reported={}", device.id.text(),
                            device.online ? "online" : "offline", device.settings.text(),
                            device.properties.text(), device.reported.text()));
            return true;
        });
        return;
    }
    const auto id = parse_job_id(words.at(1)).value();
    const auto* job = engine_->find_job(id);
    if (job == nullptr) {
        say("no such job");
        return;
    }
    say(fmt::format("job {} \"{}\" {}: {}", words[1], job->spec.name, core::to_string(job->state),
                    tally_text(job->tally)));
    const auto page = store_.executions({.job = id, .most = limits::kPageMost}).value();
    for (const auto& execution : page.items) {
        const auto row = api::execution_json(execution, *job, *engine_);
        std::string line = fmt::format("  {} {}", execution.device.text(), core::to_string(execution.state));
        for (const auto* member : {"reason", "message", "detail", "late"}) {
            const auto* text = row.at(member).if_string();
            line += text == nullptr || text->empty()
                        ? std::string{}
                        : fmt::format(" {}=\"{}\"", member, std::string_view(*text));
        }
        line += row.at("deleted").as_bool() ? " deleted" : "";
        line += fmt::format(" attempts={}", execution.attempts);
        say(line);
    }
}

void Driver::step(const core::Event& event) {
    engine_->step(now_, event, effects_);
    due_ = effects_.next_deadline;
    finish();
}

// Commit, then publish, then answer.
void Driver::finish() {
    MUSTER_INVARIANT(store_.commit(effects_.changes).has_value());
    auto effects = std::exchange(effects_, {});
    for (const auto& notice : effects.notices) {
        if (is_shown(notice.kind)) {
            const auto job = notice.job == JobId::none ? std::string{} : " job " + to_string(notice.job);
            const auto device = notice.device.empty() ? std::string{} : " " + notice.device;
            const auto text = notice.text.empty() ? std::string{}
                                                  : ": " + (notice.kind == core::NoticeKind::ack_foreign
                                                                ? short_id(notice.text)
                                                                : notice.text);
            const auto reason =
                notice.reason == core::Reason::none ? "" : fmt::format(" {}", core::to_string(notice.reason));
            say(clock() + " " + std::string(core::to_string(notice.kind)) + job + device + reason + text);
        }
    }
    for (const auto& send : effects.sends) {
        if (const auto* operation = std::get_if<core::SendOperation>(&send)) {
            tell_send(*operation);
        } else if (const auto* announce = std::get_if<core::Announce>(&send)) {
            say(fmt::format("{} -> all announce, {} s", clock(), announce->spread.count()));
        } else if (const auto* asked = std::get_if<core::AskStatus>(&send)) {
            say(fmt::format("{} -> the broker, for the status of {}", clock(),
                            fmt::join(asked->devices, ", ")));
        } else {
            say(clock() + " clear retained of " + std::get<core::ClearRetained>(send).device);
        }
    }
    for (const auto& given : effects.replies) {
        tell_reply(given.answer ? prepared_->answer(view(), &*given.answer)
                                : Result<json::object>(given.answer.error()));
    }
}

void Driver::tell_send(const core::SendOperation& send) {
    const auto message = decode_operation(send.payload).value();
    sent_[send.device].push_back({message.id, send.operation});
    const auto kind = message.kind == OperationKind::set     ? "set"
                      : message.kind == OperationKind::write ? "write"
                                                             : "call";
    const auto command = message.command.empty() ? std::string{} : " " + message.command;
    say(fmt::format("{} -> {} {} {}{} {}", clock(), send.device, short_id(message.id), kind, command,
                    json::serialize(message.values)));
}

void Driver::tell_reply(const Result<json::object>& result) {
    if (!result) {
        say(fmt::format("refused ({}): {}", muster::to_string(result.error().code), result.error().message));
        for (const auto& detail : result.error().details) {
            say("  " + detail.field + ": " + detail.message);
        }
        return;
    }
    if (const auto* digest = result->if_contains("digest")) {
        digest_ = std::string(digest->as_string());
        say(fmt::format("plan: {} messages, counts {}", result->at("messages").to_number<std::uint64_t>(),
                        json::serialize(result->at("counts"))));
        for (const auto& item : result->at("items").as_array()) {
            say(fmt::format("  {} {} {}", std::string_view(item.at("device").as_string()),
                            std::string_view(item.at("effect").as_string()),
                            json::serialize(item.at("changes"))));
        }
        return;
    }
    if (!result->contains("status")) {
        say("ok");
        return;
    }
    say(fmt::format("ok: job {} \"{}\" {}", result->at("job").to_number<std::uint64_t>(),
                    std::string_view(result->at("name").as_string()),
                    std::string_view(result->at("status").as_string())));
    for (const auto* member : {"drift", "outcomes"}) {
        const auto* value = result->if_contains(member);
        if (value != nullptr && !(value->is_array() && value->as_array().empty())) {
            say(fmt::format("  {} {}", member, json::serialize(*value)));
        }
    }
}

}  // namespace muster::scenario
