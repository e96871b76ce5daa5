// Dashboard, alert rules and METRICS.md against the metrics of a musterd at work, and the rules against
// promtool.
#include "tests/integration/fleet.hpp"
#include "tests/integration/web.hpp"
#include "tests/operations/exposition.hpp"
#include "tests/support/files.hpp"
#include "tests/support/markdown.hpp"

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <regex>

namespace muster::test {
namespace {

namespace json = boost::json;
namespace files = std::filesystem;

const files::path kObservability = files::path(MUSTER_SOURCE_DIRECTORY) / "systemd" / "observability";
const std::regex kVariable(R"(\$[a-z_]+)");

// The metrics of a musterd in the middle of a job with failures; and its counters.
struct Scrape {
    Exposition exported;
    std::set<std::string> counters;
};

const Scrape& scrape() {
    static const Scrape scrape = [] {
        Gateway gateway;
        put_fleet(gateway);
        put_silent_device(gateway, "fridge-away");
        const Simulator simulator(gateway, 20, {"--reject", "20", "--seed", "7"});
        Web web(gateway);
        gateway.await_count(run_job(gateway, fan_speed_job(3)), "succeeded", 1);
        Scrape result{read_exposition(web.get("/metrics").body), {}};
        const auto status = gateway.request("status");
        for (const auto& counter : status.at("counters").as_object()) {
            result.counters.insert(std::string(counter.key()));
        }
        return result;
    }();
    return scrape;
}

// Everything that a dashboard asks of Prometheus, where it says so.
void collect_expressions(const json::value& value, std::vector<std::string>& found) {
    if (const auto* array = value.if_array()) {
        for (const auto& each : *array) {
            collect_expressions(each, found);
        }
    } else if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            if (member.key() == "expr" || member.key() == "definition") {
                found.emplace_back(member.value().as_string());
            }
            collect_expressions(member.value(), found);
        }
    }
}

json::value dashboard() {
    return parse(read_file(kObservability / "muster.json"));
}

std::vector<std::string> dashboard_expressions() {
    std::vector<std::string> found;
    collect_expressions(dashboard(), found);
    return found;
}

// As promtool wants them: a variable stands for something.
std::string without_variables(const std::string& expression) {
    static const std::regex rate_interval(R"(\$__rate_interval)");
    return std::regex_replace(std::regex_replace(expression, rate_interval, "5m"), kVariable, "x");
}

Finished promtool(const std::string& command, const files::path& file) {
    return run({"promtool", command.substr(0, command.find(' ')), command.substr(command.find(' ') + 1),
                file.string()});
}

std::string labels_of(const Exported& metric) {
    std::string text;
    for (const auto& [label, values] : metric.labels) {
        text += (text.empty() ? "`" : ", `") + label + "`";
    }
    return text;
}

}  // namespace

TEST_CASE("promtool finds nothing wrong with the alert rules, and they do what their tests say") {
    const auto checked = promtool("check rules", kObservability / "muster.rules.yaml");
    CHECK_MESSAGE(checked.exit_code == 0, checked.output << checked.errors);
    const auto tested = promtool("test rules", kObservability / "muster.rules.test.yaml");
    CHECK_MESSAGE(tested.exit_code == 0, tested.output << tested.errors);
}

TEST_CASE("every alert rule has a test in which it fires and one in which it does not") {
    static const std::regex alert(R"(alert: (\w+))");
    static const std::regex tested(R"(alertname: (\w+)\n\s*exp_alerts:( \[\])?)");
    const auto rules = read_file(kObservability / "muster.rules.yaml");
    const auto tests = read_file(kObservability / "muster.rules.test.yaml");
    std::set<std::string> fires;
    std::set<std::string> keeps_quiet;
    for (std::sregex_iterator at(tests.begin(), tests.end(), tested), end; at != end; ++at) {
        ((*at)[2].matched ? keeps_quiet : fires).insert((*at)[1]);
    }
    std::size_t count = 0;
    for (std::sregex_iterator at(rules.begin(), rules.end(), alert), end; at != end; ++at, ++count) {
        CAPTURE((*at)[1].str());
        CHECK(fires.contains((*at)[1]));
        CHECK(keeps_quiet.contains((*at)[1]));
    }
    CHECK(count > 10);
}

TEST_CASE("the alert rules name only what musterd exports") {
    const auto rules = read_file(kObservability / "muster.rules.yaml");
    // Descriptions have no metric in them, so the whole file is read as one expression.
    CHECK(selectors_of(rules).size() > 15);
    for (const auto& line : lines_of(rules)) {
        CHECK_MESSAGE(unknown_in(line, scrape().exported).empty(), unknown_in(line, scrape().exported)
                                                                       << " is not exported: " << line);
    }
}

TEST_CASE("the dashboard names only what musterd exports, in expressions that Prometheus reads") {
    std::string rules = "groups:\n  - name: dashboard\n    rules:\n";
    const auto expressions = dashboard_expressions();
    CHECK(expressions.size() > 40);
    for (const auto& expression : expressions) {
        const auto unknown = unknown_in(expression, scrape().exported);
        CHECK_MESSAGE(unknown.empty(), unknown << " is not exported: " << expression);
        if (!expression.starts_with("label_values(")) {
            rules += "      - record: panel:" + std::to_string(rules.size()) + "\n        expr: '" +
                     without_variables(expression) + "'\n";
        }
    }
    const TempDir directory;
    write_file(directory / "dashboard.yaml", rules);
    const auto checked = promtool("check rules", directory / "dashboard.yaml");
    CHECK_MESSAGE(checked.exit_code == 0, checked.output << checked.errors);
}

TEST_CASE("the dashboard comes with any data source, shows each metric and each panel once") {
    const auto read = dashboard();
    CHECK(read.as_object().if_contains("uid") == nullptr);
    CHECK(number(read, "/schemaVersion") >= 36);
    std::set<std::int64_t> ids;
    for (const auto& panel : read.at("panels").as_array()) {
        CHECK(ids.insert(number(panel, "/id")).second);
        if (text(panel, "/type") != "row") {
            CHECK(text(panel, "/datasource/uid") == "${datasource}");
        }
    }
    std::set<std::string> shown;
    for (const auto& expression : dashboard_expressions()) {
        for (const auto& selector : selectors_of(expression)) {
            shown.insert(selector.metric);
        }
    }
    CHECK(shown.size() > 30);
}

TEST_CASE("METRICS.md has every metric that is exported, with type and labels, and no other") {
    std::map<std::string, TableRow> rows;
    std::map<std::string, TableRow> counters;
    for (auto& row : read_markdown(read_file(kObservability / "../METRICS.md")).rows) {
        auto& table = row.cells.size() == 5 ? rows : counters;
        const auto name = without_ticks(row.cells.front());
        CHECK_MESSAGE(table.emplace(name, std::move(row)).second, name << " stands there twice");
    }
    for (const auto& [name, metric] : scrape().exported) {
        const auto row = rows.find(name);
        const auto wanted = "| `" + name + "` | " + metric.type + " | " + labels_of(metric) + " |";
        REQUIRE_MESSAGE(row != rows.end(), "systemd/METRICS.md lacks:\n" << wanted);
        const bool same = row->second.cells[1] == metric.type && row->second.cells[2] == labels_of(metric);
        CHECK_MESSAGE(same, "systemd/METRICS.md:" << row->second.line << " should say:\n" << wanted);
    }
    for (const auto& [name, row] : rows) {
        CHECK_MESSAGE(scrape().exported.contains(name), "nothing exports " << name);
    }
    for (const auto& name : scrape().counters) {
        CHECK_MESSAGE(counters.contains(name), "systemd/METRICS.md lacks:\n| `" << name << "` | METRIC |");
    }
    for (const auto& [name, row] : counters) {
        CHECK_MESSAGE(scrape().counters.contains(name), "no counter of status is " << name);
        for (const auto& metric : ticked(row.cells[1])) {
            const auto unknown = unknown_in(metric, scrape().exported);
            CHECK_MESSAGE(unknown.empty(), "nothing exports " << unknown);
        }
    }
}

TEST_CASE("what is not exported is found in an expression") {
    const Exposition exported = read_exposition(
        "# TYPE muster_jobs gauge\nmuster_jobs{state=\"Running\"} 1\nmuster_jobs{state=\"Failed\"} 0\n"
        "# TYPE muster_t histogram\nmuster_t_count 0\nmuster_t_sum 0\nmuster_t_bucket{le=\"1\"} 0\n");
    CHECK(exported.size() == 2);
    CHECK(unknown_in("sum by (job, state) (muster_jobs{job=\"$job\", state=\"Running\"})", exported).empty());
    CHECK(unknown_in("rate(muster_t_bucket[5m])", exported).empty());
    CHECK(unknown_in("muster_job", exported) == "muster_job");
    CHECK(unknown_in("muster_jobs{state=\"running\"}", exported) == "muster_jobs{state=\"running\"}");
    CHECK(unknown_in("muster_jobs{status=\"Running\"}", exported) == "muster_jobs{status}");
    CHECK(unknown_in("sum by (reason) (muster_jobs)", exported) == "by (reason)");
}

}  // namespace muster::test
