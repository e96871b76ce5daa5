// What a run would do, device by device (DESIGN section 3, plan).
#include "daemon/cli/fields.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/job_specification.hpp"
#include "daemon/cli/paging.hpp"
#include "daemon/cli/values.hpp"

#include <fmt/format.h>

#include <array>

namespace muster::cli {
namespace json = boost::json;
namespace {

struct Effect {
    std::string_view name;
    std::string_view words;
    Style style;
};
// In the order of the summary.
constexpr std::array<Effect, 8> kEffects{{{"change", "will change", Style::good},
                                          {"equal", "already equal", Style::dim},
                                          {"unknown", "nothing reported yet", Style::plain},
                                          {"apply", "applied by the gateway", Style::good},
                                          {"call", "will be called", Style::good},
                                          {"offline", "offline", Style::warning},
                                          {"unsupported", "unsupported", Style::bad},
                                          {"out_of_range", "out of range", Style::bad}}};

Span effect_span(const std::string& effect) {
    for (const Effect& known : kEffects) {
        if (known.name == effect) {
            return {std::string(known.words), known.style};
        }
    }
    return {effect};
}

// "fanSpeed 1 → 3"
std::string changes_text(const json::object& item) {
    std::string text;
    for (const json::value& value : array_of(item, "changes")) {
        const json::object& change = as_object(value);
        const json::value* before = change.if_contains("old");
        const json::value* after = change.if_contains("new");
        const bool known = before != nullptr && !before->is_null();
        text += (text.empty() ? "" : ", ") + text_of(change, "name");
        if (after != nullptr && !after->is_null()) {
            text += fmt::format(" {} → {}", known ? shown(*before) : "?", shown(*after));
        }
    }
    return text;
}

Row plan_row(const json::object& item) {
    return {{text_of(item, "device")},
            {text_of(item, "name")},
            effect_span(text_of(item, "effect")),
            {changes_text(item)},
            {text_of(item, "message")}};
}

Outcome<json::object> plan_body(const Arguments& arguments) {
    if (!arguments.has("JOB")) {
        return new_specification(arguments);
    }
    if (describes_job(arguments)) {
        return usage_failure("give either a saved job or the options of a new one");
    }
    const auto job = parse_job(arguments.one("JOB"));
    if (!job) {
        return job.error();
    }
    return json::object{{"job", static_cast<std::uint64_t>(*job)}};
}

void print_summary(Output& output, const Arguments& arguments, const json::object& head) {
    Line line{{fmt::format("{} messages", count_of(head, "messages")), Style::strong}, {": "}};
    std::string_view separator;
    for (const Effect& effect : kEffects) {
        if (const auto count = count_of(object_of(head, "counts"), effect.name); count > 0) {
            line.push_back({std::string(separator)});
            line.push_back({fmt::format("{} {}", count, effect.words), effect.style});
            separator = ", ";
        }
    }
    output.line(line);
    const std::string digest = text_of(head, "digest");
    const std::string run = arguments.has("JOB")
                                ? fmt::format("muster job run {} --digest {}", arguments.one("JOB"), digest)
                                : fmt::format("muster job run with the same options and --digest {}", digest);
    output.line({{"run exactly this: " + run, Style::dim}});
}

}  // namespace

Outcome<ExitCode> job_plan(Context& context, const Arguments& arguments) {
    const auto paging = paging_of(arguments);
    auto body = plan_body(arguments);
    if (!paging || !body) {
        return !paging ? paging.error() : body.error();
    }
    const ListView view{{{"DEVICE"}, {"NAME"}, {"EFFECT"}, {"CHANGES"}, {"MESSAGE"}}, plan_row, "no devices"};
    const auto head = print_list(context, "job/plan", std::move(*body), *paging, view);
    if (!head) {
        return head.error();
    }
    print_summary(context.output, arguments, *head);
    return ExitCode::success;
}

}  // namespace muster::cli
