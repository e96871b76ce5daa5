#include "daemon/cli/applied_job.hpp"

#include "daemon/cli/fields.hpp"
#include "protocol/limits.hpp"

#include <array>

namespace muster::cli {
namespace json = boost::json;
namespace {

// More jobs than this with one word in common are not looked through.
constexpr int kMostPages = 20;

json::value member(const json::object& object, std::string_view name, json::value absent) {
    const json::value* value = object.if_contains(name);
    return value == nullptr || value->is_null() ? absent : *value;
}

json::value selection_of(const json::object& job) {
    json::value selection = member(job, "selection", json::object{{"all", true}});
    if (json::object* object = selection.if_object(); object && array_of(*object, "except").empty()) {
        object->erase("except");
    }
    return selection;
}

json::array operations_of(const json::object& job) {
    json::array operations = array_of(job, "operations");
    for (json::value& operation : operations) {
        if (json::object* object = operation.if_object(); object && object_of(*object, "args").empty()) {
            object->erase("args");
        }
    }
    return operations;
}

// The number of the newest job with exactly this name; 0: there is none.
Outcome<std::uint64_t> newest_named(Context& context, const std::string& name) {
    json::object body{{"search", name}, {"limit", limits::kPageMost}};
    std::uint64_t newest = 0;
    for (int page = 0; page < kMostPages; ++page) {
        const auto reply = context.request("job/list", body);
        if (!reply) {
            return reply.error();
        }
        for (const json::value& item : array_of(as_object(*reply), "items")) {
            if (text_of(as_object(item), "name") == name) {
                newest = std::max(newest, count_of(as_object(item), "job"));
            }
        }
        const json::value next = member(as_object(*reply), "next", nullptr);
        if (next.is_null()) {
            break;
        }
        body["cursor"] = next;
    }
    return newest;
}

Outcome<AppliedJob> save(Context& context, const json::object& body, std::string changed) {
    const auto reply = context.request("job/save", body);
    if (!reply) {
        return reply.error();
    }
    return AppliedJob{count_of(as_object(*reply), "job"), std::move(changed)};
}

}  // namespace

bool same_specification(const json::object& wanted, const json::object& job) {
    for (const std::string_view name : {"name", "set", "type"}) {
        if (member(wanted, name, nullptr) != member(job, name, nullptr)) {
            return false;
        }
    }
    return member(wanted, "description", "") == member(job, "description", "") &&
           member(wanted, "policy", json::object()) == member(job, "policy", json::object()) &&
           selection_of(wanted) == selection_of(job) && operations_of(wanted) == operations_of(job);
}

Outcome<AppliedJob> apply_job(Context& context, const json::object& document) {
    auto number = document.contains("job") ? Outcome<std::uint64_t>(count_of(document, "job"))
                                           : newest_named(context, text_of(document, "name"));
    if (!number) {
        return number.error();
    }
    if (number.value() == 0) {
        return save(context, document, "created");
    }
    const auto reply = context.request("job/get", {{"job", number.value()}});
    if (!reply) {
        return reply.error();
    }
    const json::object& job = as_object(*reply);
    if (same_specification(document, job)) {
        return AppliedJob{number.value(), "unchanged"};
    }
    const bool saved = text_of(job, "status") == "Pending";
    if (!saved && !document.contains("job")) {
        return save(context, document, "created");
    }
    json::object body = document;
    body["job"] = number.value();
    body.emplace("revision", count_of(job, "revision"));
    return save(context, body, "updated");
}

}  // namespace muster::cli
