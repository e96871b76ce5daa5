// template list, show, delete.
#include "daemon/cli/deletion.hpp"
#include "daemon/cli/fields.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/paging.hpp"
#include "daemon/cli/values.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <limits>

namespace muster::cli {
namespace json = boost::json;
namespace {

Row template_row(const json::object& item) {
    return {{text_of(item, "template"), Style::strong},
            {text_of(item, "title")},
            {std::to_string(count_of(item, "version"))},
            {std::to_string(count_of(item, "devices"))},
            {flag_of(item, "gateway") ? "gateway: no jobs" : "", Style::warning}};
}

// Who keeps a property; empty for the other capabilities.
std::string kept_by(const json::object& capability) {
    if (flag_of(capability, "readOnly")) {
        return "read only";
    }
    const std::string kept = text_of(capability, "kept");
    return kept.empty() ? kept : "kept by the " + kept;
}

void add_capabilities(Table& table, const json::object& document, std::string_view section) {
    for (const auto& member : object_of(document, section)) {
        const json::object& capability = as_object(member.value());
        const json::value* schema = capability.if_contains(section == "commands" ? "args" : "schema");
        table.add({{std::string(section), Style::dim},
                   {std::string(member.key()), Style::strong},
                   {text_of(capability, "title")},
                   {text_of(capability, "unit")},
                   {kept_by(capability)},
                   {schema == nullptr ? std::string() : json::serialize(*schema), Style::dim}});
    }
}

void print_template(Output& output, const json::object& reply) {
    const json::object& document = object_of(reply, "document");
    output.line({{text_of(reply, "template"), Style::strong},
                 {fmt::format("  version {}  ", count_of(reply, "version"))},
                 {text_of(document, "title")}});
    if (const std::string description = text_of(document, "description"); !description.empty()) {
        output.line({{description}});
    }
    if (flag_of(document, "gateway")) {
        output.line({{"Devices of this template are gateways: jobs cannot target them.", Style::warning}});
    }
    Table table({{"WHAT"}, {"NAME"}, {"TITLE"}, {"UNIT"}, {"KEPT"}, {"SCHEMA"}});
    for (const std::string_view section : {"settings", "properties", "commands", "reported"}) {
        add_capabilities(table, document, section);
    }
    if (!table.empty()) {
        output.table(table);
    }
}

}  // namespace

Outcome<ExitCode> template_list(Context& context, const Arguments& arguments) {
    const auto paging = paging_of(arguments);
    if (!paging) {
        return paging.error();
    }
    const ListView view{{{"TEMPLATE"}, {"TITLE"}, {"VERSION", true}, {"DEVICES", true}, {"NOTE"}},
                        template_row,
                        "no templates"};
    const auto printed = print_list(context, "template/list", {}, *paging, view);
    return printed ? Outcome<ExitCode>(ExitCode::success) : printed.error();
}

Outcome<ExitCode> template_show(Context& context, const Arguments& arguments) {
    json::object body{{"template", arguments.one("TEMPLATE")}};
    if (arguments.has("version")) {
        const auto version =
            parse_count(arguments.one("version"), "--version", 1, std::numeric_limits<std::uint32_t>::max());
        if (!version) {
            return version.error();
        }
        body["version"] = *version;
    }
    const auto reply = context.request("template/get", body);
    if (!reply) {
        return reply.error();
    }
    if (context.output.json()) {
        context.output.document(*reply);
    } else {
        print_template(context.output, as_object(*reply));
    }
    return ExitCode::success;
}

Outcome<ExitCode> template_delete(Context& context, const Arguments& arguments) {
    const auto& names = arguments.all("TEMPLATE");
    return delete_all(context, "template", std::vector<json::value>(names.begin(), names.end()));
}

}  // namespace muster::cli
