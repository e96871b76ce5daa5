// status: one screen about the gateway.
#include "daemon/cli/context.hpp"
#include "daemon/cli/fields.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/job_view.hpp"
#include "daemon/cli/properties.hpp"
#include "daemon/cli/when.hpp"

#include <fmt/format.h>

namespace muster::cli {
namespace json = boost::json;
namespace {

void add_broker(Properties& properties, const json::object& broker, TimePoint now) {
    const bool connected = flag_of(broker, "connected");
    std::string text =
        fmt::format("{} {}", connected ? "connected to" : "not connected to", text_of(broker, "url"));
    if (const json::value* version = broker.if_contains("mqtt_version"); version != nullptr && connected) {
        text += fmt::format(", MQTT {}", shown(*version));
    }
    if (const std::string since = relative_of(now, broker, "since"); !since.empty()) {
        text += ", since " + since;
    }
    properties.add("broker", text, connected ? Style::good : Style::bad);
    properties.add("lost before that", text_of(broker, "detail"));
}

void add_store(Properties& properties, const json::object& store, TimePoint now) {
    const bool healthy = flag_of(store, "healthy");
    const std::string detail = text_of(store, "detail");
    const std::string since = healthy ? std::string() : relative_of(now, store, "since");
    properties.add("store",
                   text_of(store, "state") + (since.empty() ? "" : " since " + since) +
                       (detail.empty() ? "" : ": " + detail),
                   healthy ? Style::good : Style::bad);
}

std::string jobs_text(const json::object& jobs) {
    std::string text;
    for (const std::string_view state : {"Running", "Pending", "Completed", "Failed", "Stopped"}) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count_of(jobs, state), state);
    }
    return text;
}

void print_status(Context& context, const json::object& status) {
    const TimePoint now = context.now();
    context.output.line({{"musterd " + text_of(status, "version"), Style::strong},
                         {"  started " + relative_of(now, status, "started_at"), Style::dim}});
    Properties properties;
    add_broker(properties, object_of(status, "broker"), now);
    add_store(properties, object_of(status, "store"), now);
    const json::object& devices = object_of(status, "devices");
    properties.add("devices",
                   fmt::format("{}, {} online", count_of(devices, "total"), count_of(devices, "online")));
    properties.add("jobs", jobs_text(object_of(status, "jobs")));
    properties.print(context.output);
    Properties counted;
    for (const auto& member : object_of(status, "counters")) {
        // What never happened is left out, so that what did is seen.
        const std::string value = shown(member.value());
        counted.add(std::string(member.key()), value == "0" ? "" : value);
    }
    if (!counted.empty()) {
        context.output.line({{"since it started", Style::dim}});
        counted.print(context.output);
    }
}

}  // namespace

Outcome<ExitCode> status(Context& context, const Arguments&) {
    const auto reply = context.request("status", {});
    if (!reply) {
        return reply.error();
    }
    if (context.output.json()) {
        context.output.document(*reply);
    } else {
        print_status(context, as_object(*reply));
    }
    return ExitCode::success;
}

}  // namespace muster::cli
