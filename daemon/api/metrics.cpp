#include "daemon/api/metrics.hpp"

#include "daemon/api/handlers.hpp"

namespace muster::api {
namespace json = boost::json;
namespace {

struct CounterMetric {
    std::string_view counter;  // its name in status
    std::string_view metric;
    std::string_view help;
};

// clang-format off
constexpr std::array kCounters{
    CounterMetric{"operation_sent",        "muster_operations_sent_total",      "Operation messages decided on for the first time."},
    CounterMetric{"operation_resent",      "muster_operations_resent_total",    "Operation messages repeated because nothing was answered."},
    CounterMetric{"operation_refused",     "muster_operations_refused_total",   "Operation messages that the link did not take; they are sent later."},
    CounterMetric{"execution_completed",   "muster_executions_completed_total", "Executions that devices reported as done."},
    CounterMetric{"acks",                  "muster_acks_total",                 "Answers of devices, of whatever kind."},
    CounterMetric{"ack_late",              "muster_acks_late_total",            "Answers that came after the verdict."},
    CounterMetric{"ack_duplicate",         "muster_acks_duplicate_total",       "Answers that came again."},
    CounterMetric{"ack_foreign",           "muster_acks_foreign_total",         "Answers that belong to no open message; they change nothing."},
    CounterMetric{"messages_malformed",    "muster_messages_malformed_total",   "Messages of devices that could not be read."},
    CounterMetric{"messages_oversized",    "muster_messages_oversized_total",   "Messages over their limit."},
    CounterMetric{"messages_dropped",      "muster_messages_dropped_total",     "Messages of devices let go while the storage was not well."},
    CounterMetric{"broker_connections",    "muster_broker_connections_total",   "Times that musterd connected to the broker."},
    CounterMetric{"queue_refused",         "muster_queue_refused_total",        "Messages and requests refused because the queue was full."},
    CounterMetric{"outbox_dropped",        "muster_outbox_dropped_total",       "Replies and topics that found no room."},
    CounterMetric{"requests",              "muster_requests_total",             "Requests over MQTT and HTTP."},
    CounterMetric{"requests_refused",      "muster_requests_refused_total",     "Requests that ended in an error."},
    CounterMetric{"changes",               "muster_store_changes_total",        "Rows written to the store."},
    CounterMetric{"device_registered",     "muster_devices_registered_total",   "Devices seen for the first time."},
    CounterMetric{"devices_full",          "muster_devices_refused_total",      "Devices refused because the registry is full."},
    CounterMetric{"log_suppressed",        "muster_log_suppressed_total",       "Log lines left out because there were too many alike."},
};
// clang-format on

json::object metric(std::string_view name, std::string_view type, std::string_view help,
                    json::array samples) {
    return {{"name", name}, {"type", type}, {"help", help}, {"samples", std::move(samples)}};
}

json::object sample(json::value value) {
    return {{"labels", json::object{}}, {"value", std::move(value)}};
}

json::object labelled(std::string_view label, std::string_view of, json::value value) {
    return {{"labels", json::object{{label, of}}}, {"value", std::move(value)}};
}

json::object gauge(std::string_view name, std::string_view help, json::value value) {
    return metric(name, "gauge", help, {sample(std::move(value))});
}

void add_work(const View& view, json::array& metrics) {
    const auto& figures = view.gateway.figures;
    json::array failed;
    for (std::size_t reason = 1; reason < core::kReasonCount; ++reason) {
        failed.push_back(labelled("reason", core::to_string(static_cast<core::Reason>(reason)),
                                  figures.failed_by_reason[reason]));
    }
    metrics.push_back(
        metric("muster_executions_failed_total", "counter", "Executions that failed.", std::move(failed)));
    std::array<std::uint64_t, 3> executions{};
    std::array<std::uint64_t, 5> jobs{};
    for (const auto& [id, job] : view.engine.jobs()) {
        ++jobs[static_cast<std::size_t>(job->state)];
        executions[0] += job->tally.pending;
        executions[1] += job->tally.succeeded;
        executions[2] += job->tally.failed;
    }
    json::array by_state;
    for (std::size_t state = 0; state < jobs.size(); ++state) {
        by_state.push_back(
            labelled("state", core::to_string(static_cast<core::JobState>(state)), jobs[state]));
    }
    metrics.push_back(metric("muster_jobs", "gauge", "Jobs, by state.", std::move(by_state)));
    metrics.push_back(
        metric("muster_executions", "gauge", "Executions of all jobs, by state.",
               {labelled("state", "Pending", executions[0]), labelled("state", "Completed", executions[1]),
                labelled("state", "Failed", executions[2])}));
}

void add_queues(const View& view, json::array& metrics) {
    const auto& figures = view.gateway.figures;
    const auto& link = view.engine.executions().link();
    metrics.push_back(gauge("muster_operations_in_flight",
                            "Operation messages that hold a place in the window.", link.in_flight));
    metrics.push_back(
        gauge("muster_window_messages", "Most operation messages in flight at once.", link.window));
    metrics.push_back(metric(
        "muster_queue_waiting", "gauge", "What waits, by queue.",
        {labelled("queue", "inbox", figures.inbox_waiting), labelled("queue", "held", figures.held_waiting),
         labelled("queue", "outbox", figures.outbox_waiting),
         labelled("queue", "requests", figures.requests_waiting)}));
}

// One sample a state, so that a state that was never there is 0 and not absent.
json::object store_states(store::StoreState current) {
    json::array samples;
    for (const auto state :
         {store::StoreState::ok, store::StoreState::full, store::StoreState::busy,
          store::StoreState::read_only, store::StoreState::failing, store::StoreState::damaged}) {
        samples.push_back(labelled("state", store::to_string(state), state == current ? 1 : 0));
    }
    return metric("muster_store_state", "gauge", "1 for the state that the store is in.", std::move(samples));
}

json::object commit_times(const CommitTimes& times) {
    json::array buckets;
    std::uint64_t count = 0;
    for (std::size_t index = 0; index < times.counts.size(); ++index) {
        count += times.counts[index];
        if (index < CommitTimes::kBounds.size()) {
            buckets.push_back(json::object{{"below", CommitTimes::kBounds[index]}, {"count", count}});
        }
    }
    return metric("muster_store_commit_seconds", "histogram", "How long commits to the store took.",
                  {json::object{{"labels", json::object{}},
                                {"count", count},
                                {"sum", times.seconds},
                                {"buckets", std::move(buckets)}}});
}

void add_gateway(const View& view, json::array& metrics) {
    const auto& gateway = view.gateway;
    metrics.push_back(gauge("muster_broker_connected", "1 while connected to the broker.",
                            gateway.broker_connected ? 1 : 0));
    metrics.push_back(gauge("muster_store_healthy", "1 while the store can be written.",
                            gateway.store.state == store::StoreState::ok ? 1 : 0));
    metrics.push_back(store_states(gateway.store.state));
    metrics.push_back(gauge("muster_devices", "Devices in the registry.", view.engine.registry().size()));
    metrics.push_back(
        gauge("muster_devices_online", "Devices that are online.", view.engine.registry().online()));
    metrics.push_back(gauge("muster_device_sets", "Device sets.", view.engine.catalog().sets().size()));
    metrics.push_back(metric("muster_build_info", "gauge", "Always 1; the label says which version this is.",
                             {labelled("version", gateway.version, 1)}));
}

}  // namespace

json::array metrics_json(const View& view) {
    json::array metrics;
    for (const auto& [counter, name, help] : kCounters) {
        metrics.push_back(metric(name, "counter", help, {sample(view.gateway.counters.at(counter))}));
    }
    add_work(view, metrics);
    add_queues(view, metrics);
    metrics.push_back(commit_times(view.gateway.figures.commits));
    add_gateway(view, metrics);
    return metrics;
}

namespace handlers {

Result<Prepared> metrics(const Call& call, const View&) {
    Fields fields(call.body);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([](const View& view) -> Result<json::object> {
        return json::object{{"metrics", metrics_json(view)}};
    });
}

}  // namespace handlers
}  // namespace muster::api
