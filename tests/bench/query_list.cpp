#include "tests/bench/query_list.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>

namespace muster::bench {
namespace {

constexpr std::array<const char*, 2> kOrders{"asc", "desc"};

class List {
public:
    // The members of a query are "name=value", not yet encoded.
    void add(const std::string& verb, const std::string& path, const std::vector<std::string>& members,
             bool paged = true) {
        std::string target = path;
        std::string name = verb;
        for (const auto& member : members) {
            const auto equal = member.find('=');
            target += (&member == &members.front() ? "?" : "&") + member.substr(0, equal + 1) +
                      url_encoded(member.substr(equal + 1));
            name += " " + member;
        }
        queries_.push_back({std::move(name), std::move(target), paged});
    }
    // The list as it is by itself, then with each of these, then by each of these in both orders.
    void add_all(const std::string& verb, const std::string& path,
                 const std::vector<std::vector<std::string>>& filters,
                 const std::vector<std::string>& sorts) {
        add(verb, path, {});
        for (const auto& filter : filters) {
            add(verb, path, filter);
        }
        for (const auto& sort : sorts) {
            for (const std::string order : kOrders) {
                add(verb, path, {"sort=" + sort, "order=" + order});
            }
        }
    }
    [[nodiscard]] std::vector<Query> take() { return std::move(queries_); }

private:
    std::vector<Query> queries_;
};

void add_jobs(List& list, const StoreContents& contents) {
    const auto path = fmt::format("/api/v1/jobs/{}", contents.last_job());
    const auto some = stored_device(contents, contents.devices / 2);
    list.add_all("job/list", "/api/v1/jobs",
                 {{"status=Running"},
                  {"status=Failed"},
                  {"status=Completed"},
                  {"type=settings"},
                  {"type=commands"},
                  {"set=refrigerators"},
                  {"search=week 77"},
                  {"search=nothing of that"}},
                 {});
    list.add("job/get", path, {}, false);
    list.add("job/progress", path + "/progress", {}, false);
    list.add_all("job/devices", path + "/devices",
                 {{"status=Completed"},
                  {"status=Failed"},
                  {"status=Pending"},
                  {"reason=timeout"},
                  {"reason=offline"},
                  {"message=door open, fan locked"},
                  {"message=never said"},
                  {"search=99"},
                  {"search=" + some},
                  {"search=nothing-of-that"},
                  {"status=Failed", "reason=rejected", "search=7"},
                  {"status=Failed", "sort=finished_at", "order=desc"},
                  {"status=Completed", "sort=device", "order=desc"},
                  {"search=99", "sort=attempts"}},
                 {"ordinal", "device", "status", "attempts", "last_sent_at", "finished_at"});
}

// Its executions are on their way to the disk while they are read.
void add_running_job(List& list) {
    const auto path = std::string("/api/v1/jobs/") + kRunningJob;
    list.add("job/get of the running job", path, {}, false);
    list.add("job/progress of the running job", path + "/progress", {}, false);
    list.add_all("job/devices of the running job", path + "/devices",
                 {{"status=Completed"}, {"status=Pending"}, {"status=Failed"}, {"search=99"}},
                 {"last_sent_at", "finished_at"});
}

void add_devices(List& list, const StoreContents& contents) {
    const auto some = stored_device(contents, contents.devices / 2);
    list.add_all("device/list", "/api/v1/devices",
                 {{"search=99"},
                  {"search=" + some},
                  {"search=nothing-of-that"},
                  {"template=refrigerator"},
                  {"online=true"},
                  {"online=false"},
                  {R"(query=tags.site == "oslo")", "template=refrigerator"},
                  {R"(query=reported.firmware < "1.4" && tags.floor == 2)", "template=refrigerator"},
                  {R"(query=id.startsWith("fridge-99"))", "template=refrigerator"},
                  {R"(query=tags.site == "nowhere")", "template=refrigerator"},
                  {"search=99", "sort=since", "order=desc"},
                  {"online=false", "sort=name"}},
                 {"device", "name", "template", "online", "since"});
    list.add("device/get", "/api/v1/devices/" + some, {}, false);
    list.add("device/jobs", "/api/v1/devices/" + some + "/jobs", {});
}

void add_sets(List& list) {
    list.add("set/list", "/api/v1/device-sets", {});
    list.add("set/get", "/api/v1/device-sets/refrigerators", {}, false);
    list.add("set/get site", "/api/v1/device-sets/site-1", {}, false);
    for (const std::string set : {"refrigerators", "site-1"}) {
        const auto path = "/api/v1/device-sets/" + set + "/devices";
        list.add("set/preview " + set, path, {});
        list.add("set/preview " + set, path, {"search=99"});
        list.add("set/preview " + set, path, {"online=true"});
    }
    list.add("set/preview", "/api/v1/device-set-preview",
             {"template=refrigerator", R"(query=reported.firmware < "1.4")"});
}

}  // namespace

std::vector<Query> all_queries(const StoreContents& contents) {
    List list;
    add_jobs(list, contents);
    add_running_job(list);
    add_devices(list, contents);
    add_sets(list);
    list.add("template/list", "/api/v1/templates", {});
    list.add("template/get", "/api/v1/templates/refrigerator", {}, false);
    list.add_all("audit/list", "/api/v1/audit",
                 {{"user=anna"},
                  {"user=carla"},
                  {"user=nobody"},
                  {"action=job/run"},
                  {"subject=4711"},
                  {"user=carla", "action=job/run", "subject=0"}},
                 {});
    list.add("status", "/api/v1/status", {}, false);
    list.add("session/get", "/api/v1/session", {}, false);
    list.add("metrics", "/metrics", {}, false);
    return list.take();
}

Query plan_query() {
    return {
        "job/plan", "/api/v1/plan", false,
        R"({"name":"p","set":"refrigerators","type":"settings","operations":[{"name":"fanSpeed","value":2}]})"};
}

std::string url_encoded(const std::string& text) {
    std::string encoded;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        const bool plain =
            std::isalnum(byte) != 0 || character == '-' || character == '_' || character == '.';
        encoded += plain ? std::string(1, character) : fmt::format("%{:02X}", byte);
    }
    return encoded;
}

}  // namespace muster::bench
