// device list, show, set, delete.
#include "daemon/cli/deletion.hpp"
#include "daemon/cli/device_view.hpp"
#include "daemon/cli/fields.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/job_view.hpp"
#include "daemon/cli/paging.hpp"
#include "daemon/cli/properties.hpp"
#include "daemon/cli/values.hpp"
#include "daemon/cli/when.hpp"

#include <fmt/format.h>

namespace muster::cli {
namespace json = boost::json;
namespace {

// "tags.site=oslo" into `body`; an empty value or null removes a tag or property.
Outcome<void> add_assignment(json::object& body, const std::string& text) {
    const auto assignment = parse_assignment(text);
    if (!assignment) {
        return assignment.error();
    }
    const auto& [path, value] = *assignment;
    if (path == "name" || path == "template") {
        body[path] = value;
        return {};
    }
    const auto dot = path.find('.');
    const std::string map = path.substr(0, dot);
    if (dot == std::string::npos || dot + 1 == path.size() || (map != "tags" && map != "properties")) {
        return usage_failure(
            fmt::format("\"{}\": expected name=…, template=…, tags.NAME=… or properties.NAME=…", text));
    }
    json::value& members = body[map];
    if (!members.is_object()) {
        members.emplace_object();
    }
    members.get_object()[path.substr(dot + 1)] = value.empty() ? json::value() : parse_value(value);
    return {};
}

void print_device(Context& context, const json::object& device) {
    const TimePoint now = context.now();
    const std::string name = text_of(device, "name");
    context.output.line({{name.empty() ? text_of(device, "device") : name, Style::strong}});
    Properties properties;
    const std::string since = relative_of(now, device, "since");
    properties.add("device", text_of(device, "device"));
    properties.add("template", text_of(device, "template"));
    properties.add("presence",
                   since.empty()
                       ? "never seen"
                       : fmt::format("{}, since {}", flag_of(device, "online") ? "online" : "offline", since),
                   flag_of(device, "online") ? Style::good : Style::warning);
    for (const std::string_view map : {"tags", "properties", "settings", "reported"}) {
        properties.add(std::string(map), shown_members(object_of(device, map)));
    }
    properties.add("remembers", fmt::format("{} operation ids", count_of(device, "remembers")));
    properties.print(context.output);
}

void print_latest_jobs(Context& context, const json::object& device) {
    Table table({{"JOB", true}, {"STATUS"}, {"WHEN"}, {"WHY"}});
    const TimePoint now = context.now();
    for (const json::value& item : array_of(device, "jobs")) {
        const json::object& execution = as_object(item);
        const std::string status = text_of(execution, "status");
        const std::string said = why(text_of(execution, "reason"), text_of(execution, "message"));
        const bool finished = !text_of(execution, "finished_at").empty();
        table.add({{std::to_string(count_of(execution, "job"))},
                   {status, status_style(status)},
                   {relative_of(now, execution, finished ? "finished_at" : "last_sent_at"), Style::dim},
                   {said.empty() ? text_of(execution, "detail") : said}});
    }
    if (!table.empty()) {
        context.output.line({});
        context.output.table(table);
    }
}

}  // namespace

ListView device_list_view(TimePoint now) {
    return {{{"DEVICE"}, {"NAME"}, {"TEMPLATE"}, {"PRESENCE"}, {"SINCE"}, {"TAGS"}},
            [now](const json::object& device) -> Row {
                const bool online = flag_of(device, "online");
                return {{text_of(device, "device"), Style::strong},
                        {text_of(device, "name")},
                        {text_of(device, "template") + (flag_of(device, "gateway") ? " (gateway)" : "")},
                        {online ? "online" : "offline", online ? Style::good : Style::warning},
                        {relative_of(now, device, "since"), Style::dim},
                        {shown_members(object_of(device, "tags"))}};
            },
            "no devices"};
}

Outcome<ExitCode> device_list(Context& context, const Arguments& arguments) {
    const auto paging = paging_of(arguments);
    if (!paging) {
        return paging.error();
    }
    if (arguments.has("online") && arguments.has("offline")) {
        return usage_failure("give --online or --offline, or neither for all");
    }
    json::object body;
    for (const std::string_view name : {"search", "template", "query"}) {
        if (arguments.has(name)) {
            body[name] = arguments.one(name);
        }
    }
    if (arguments.has("online") || arguments.has("offline")) {
        body["online"] = arguments.has("online");
    }
    const auto printed =
        print_list(context, "device/list", std::move(body), *paging, device_list_view(context.now()));
    return printed ? Outcome<ExitCode>(ExitCode::success) : printed.error();
}

Outcome<ExitCode> device_show(Context& context, const Arguments& arguments) {
    const auto reply = context.request("device/get", {{"device", arguments.one("DEVICE")}});
    if (!reply) {
        return reply.error();
    }
    if (context.output.json()) {
        context.output.document(*reply);
        return ExitCode::success;
    }
    print_device(context, as_object(*reply));
    print_latest_jobs(context, as_object(*reply));
    return ExitCode::success;
}

Outcome<ExitCode> device_set(Context& context, const Arguments& arguments) {
    const std::string id = arguments.one("DEVICE");
    json::object body{{"device", id}};
    for (const std::string& text : arguments.all("NAME=VALUE")) {
        if (const auto added = add_assignment(body, text); !added) {
            return added.error();
        }
    }
    const auto reply = context.request("device/put", body);
    if (!reply) {
        return reply.error();
    }
    context.output.line({{fmt::format("device {} {}", id, text_of(as_object(*reply), "changed"))}});
    if (context.output.json()) {
        context.output.document(*reply);
    }
    return ExitCode::success;
}

Outcome<ExitCode> device_delete(Context& context, const Arguments& arguments) {
    const auto& ids = arguments.all("DEVICE");
    return delete_all(context, "device", std::vector<json::value>(ids.begin(), ids.end()));
}

}  // namespace muster::cli
