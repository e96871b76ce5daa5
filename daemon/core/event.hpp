// Everything that can happen to the engine, as values. What a user asks for is
// a Request inside Asked; everything else comes from devices, link and clock.
#pragma once

#include "daemon/core/device_set.hpp"
#include "daemon/core/engine_options.hpp"
#include "daemon/core/job.hpp"
#include "daemon/core/template.hpp"
#include "protocol/messages.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace muster::core {

namespace request {

struct SaveJob {
    JobId job = JobId::none;  // none: a new one
    std::optional<std::uint64_t> revision;
    JobSpec spec;
    bool run = false;
    std::optional<std::string> digest;  // with run
    RequestMark mark = {};              // of a new one, or of the run of an edited one
};
struct PlanJob {
    JobId job = JobId::none;      // a saved one, or
    std::optional<JobSpec> spec;  // one that is not saved
    std::string digest = {};      // of an earlier plan of it, if that is still remembered; "": a new one
};
struct RunJob {
    JobId job;
    std::optional<std::string> digest;
    std::string key = {};  // empty: none
};
struct StopJob {
    JobId job;
};
// `devices`: of the original's executions, read from the store by the caller.
struct CopyJob {
    JobId job;
    std::vector<DeviceId> devices;
    RequestMark mark = {};
};
// `devices`: the original's failed ones, filtered by the caller.
struct RerunJob {
    JobId job;
    std::vector<DeviceId> devices;
    bool run = false;
    RequestMark mark = {};
};
// Revisions and versions: refuse if another is in force; 0: if there is one at all.
struct DeleteJob {
    JobId job;
    std::optional<std::uint64_t> revision = std::nullopt;
};
struct PutDevice {
    DeviceId device;
    std::optional<std::string> template_name;
    std::optional<std::string> name;
    boost::json::object tags;        // a patch: null removes
    boost::json::object properties;  // a patch: null removes
};
struct DeleteDevice {
    DeviceId device;
};
struct PutSet {
    DeviceSet set;
    std::optional<std::uint64_t> revision;
};
struct DeleteSet {
    std::string name;
    std::optional<std::uint64_t> revision = std::nullopt;
};
struct PutTemplate {
    std::shared_ptr<const Template> body;
    std::optional<std::uint64_t> version = std::nullopt;
};
struct DeleteTemplate {
    std::string name;
    std::optional<std::uint64_t> version = std::nullopt;
};

}  // namespace request

using Request =
    std::variant<request::SaveJob, request::PlanJob, request::RunJob, request::StopJob, request::CopyJob,
                 request::RerunJob, request::DeleteJob, request::PutDevice, request::DeleteDevice,
                 request::PutSet, request::DeleteSet, request::PutTemplate, request::DeleteTemplate>;

// Chosen by the asker, given back with the answer.
using RequestToken = std::uint64_t;

struct Asked {
    RequestToken token = 0;
    std::string user;
    Request request;
};

// From a device; identity is the topic's. Contents passed the codec.
struct StatusReceived {
    DeviceId device;
    bool online = false;
    bool retained = false;  // a stored message, not a device that just came
};
struct InfoReceived {
    DeviceId device;
    DeviceInfo info;
};
struct StateReceived {
    DeviceId device;
    boost::json::object values;
};
struct AckReceived {
    DeviceId device;
    Ack ack;
};

// The broker has sent what it retains of those whom the last AskStatus named.
struct StatusAnswered {};

// Messages of devices were lost on their way to the engine.
struct MessagesLost {};

struct LinkUp {
    std::uint32_t window = 0;  // most messages that have no answer yet
    // Messages that the link takes now; until LinkRoom says so.
    std::uint32_t room = std::numeric_limits<std::uint32_t>::max();
};
struct LinkDown {};
// The link takes so many messages now: what it took before may be on its way to the broker yet.
struct LinkRoom {
    std::uint32_t room = 0;
};
// The link did not take this message: it was never sent.
struct SendRefused {
    OperationId operation;
};
// What is over is kept for so long from now on.
struct RetentionChanged {
    KeepFor keep;
};
// The deadline of Effects::next_deadline has come; harmless at any time.
struct Tick {};

using Event = std::variant<Asked, StatusReceived, InfoReceived, StateReceived, AckReceived, StatusAnswered,
                           MessagesLost, LinkUp, LinkDown, LinkRoom, SendRefused, RetentionChanged, Tick>;

}  // namespace muster::core
