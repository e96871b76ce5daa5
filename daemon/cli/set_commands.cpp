// set list, show, preview, delete.
#include "daemon/cli/deletion.hpp"
#include "daemon/cli/device_view.hpp"
#include "daemon/cli/fields.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/paging.hpp"
#include "daemon/cli/properties.hpp"

#include <fmt/format.h>

namespace muster::cli {
namespace json = boost::json;
namespace {

Row set_row(const json::object& set) {
    const std::string broken = text_of(set, "broken");
    const std::string query = text_of(set, "query");
    return {{text_of(set, "set"), Style::strong},
            {text_of(set, "title")},
            {text_of(set, "template")},
            {query.empty() ? "(every device)" : query},
            {broken.empty() ? "" : "broken: " + broken, Style::bad}};
}

// The answer to a request once it counts all devices: of very many, each answer counts some more.
Outcome<json::value> counted(Context& context, const std::string& verb, const json::object& body) {
    constexpr int kMostQuestions = 10'000;
    auto reply = context.request(verb, body);
    for (int asked = 1; asked < kMostQuestions && reply && flag_of(as_object(*reply), "at_least"); ++asked) {
        reply = context.request(verb, body);
    }
    return reply;
}

// A broken set lists nothing and is not empty: it says so.
void say_broken(Output& output, const json::object& set) {
    if (const std::string broken = text_of(set, "broken"); !broken.empty()) {
        output.remark({{"The device set is broken: ", Style::bad}, {broken}});
    }
}

}  // namespace

Outcome<ExitCode> set_list(Context& context, const Arguments& arguments) {
    const auto paging = paging_of(arguments);
    if (!paging) {
        return paging.error();
    }
    const ListView view{{{"SET"}, {"TITLE"}, {"TEMPLATE"}, {"QUERY"}, {"STATE"}}, set_row, "no device sets"};
    const auto printed = print_list(context, "set/list", {}, *paging, view);
    return printed ? Outcome<ExitCode>(ExitCode::success) : printed.error();
}

Outcome<ExitCode> set_show(Context& context, const Arguments& arguments) {
    const auto reply = counted(context, "set/get", {{"set", arguments.one("SET")}});
    if (!reply) {
        return reply.error();
    }
    if (context.output.json()) {
        context.output.document(*reply);
        return ExitCode::success;
    }
    const json::object& set = as_object(*reply);
    context.output.line({{text_of(set, "set"), Style::strong}, {"  " + text_of(set, "title")}});
    Properties properties;
    properties.add("description", text_of(set, "description"));
    properties.add("template", text_of(set, "template"));
    const std::string query = text_of(set, "query");
    properties.add("query", query.empty() ? "(every device)" : query);
    properties.add("revision", std::to_string(count_of(set, "revision")));
    if (text_of(set, "broken").empty()) {
        properties.add("devices", std::to_string(count_of(set, "devices")));
    }
    properties.add("broken", text_of(set, "broken"), Style::bad);
    properties.print(context.output);
    return ExitCode::success;
}

Outcome<ExitCode> set_preview(Context& context, const Arguments& arguments) {
    const auto paging = paging_of(arguments);
    if (!paging) {
        return paging.error();
    }
    const bool described = arguments.has("template") || arguments.has("query");
    if (arguments.has("SET") == described) {
        return usage_failure("give the name of a set, or --template and --query");
    }
    json::object body;
    if (described) {
        body["template"] = arguments.one("template");
        body["query"] = arguments.one("query");
    } else {
        body["set"] = arguments.one("SET");
    }
    auto head = print_list(context, "set/preview", body, *paging, device_list_view(context.now()));
    if (!head) {
        return head.error();
    }
    say_broken(context.output, *head);
    if (flag_of(*head, "at_least")) {
        body["limit"] = 1;
        const auto whole = counted(context, "set/preview", body);
        if (!whole) {
            return whole.error();
        }
        head = as_object(*whole);
    }
    context.output.remark({{fmt::format("{} devices in the set", count_of(*head, "count")), Style::dim}});
    return ExitCode::success;
}

Outcome<ExitCode> set_delete(Context& context, const Arguments& arguments) {
    const auto& names = arguments.all("SET");
    return delete_all(context, "set", std::vector<json::value>(names.begin(), names.end()));
}

}  // namespace muster::cli
