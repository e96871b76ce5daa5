#include "daemon/http/prometheus.hpp"

#include <boost/json/object.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sstream>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace muster::http {
namespace {

namespace json = boost::json;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string text_of(const json::value& value) {
    return std::string(value.as_string());
}

MetricType type_of(std::string_view name) {
    if (name == "counter") {
        return MetricType::Counter;
    }
    return name == "histogram" ? MetricType::Histogram : MetricType::Gauge;
}

void fill_histogram(const json::object& sample, ClientMetric& metric) {
    metric.histogram.sample_count = sample.at("count").to_number<std::uint64_t>();
    metric.histogram.sample_sum = sample.at("sum").to_number<double>();
    for (const auto& bucket : sample.at("buckets").as_array()) {
        metric.histogram.bucket.push_back(
            {bucket.at("count").to_number<std::uint64_t>(), bucket.at("below").to_number<double>()});
    }
    metric.histogram.bucket.push_back(
        {metric.histogram.sample_count, std::numeric_limits<double>::infinity()});
}

ClientMetric sample_of(const json::object& sample, MetricType type) {
    ClientMetric metric;
    for (const auto& [name, value] : sample.at("labels").as_object()) {
        metric.label.push_back({std::string(name), text_of(value)});
    }
    if (type == MetricType::Histogram) {
        fill_histogram(sample, metric);
        return metric;
    }
    const auto value = sample.at("value").to_number<double>();
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    return metric;
}

MetricFamily family_of(const json::object& metric) {
    MetricFamily family;
    family.name = text_of(metric.at("name"));
    family.help = text_of(metric.at("help"));
    family.type = type_of(metric.at("type").as_string());
    for (const auto& sample : metric.at("samples").as_array()) {
        family.metric.push_back(sample_of(sample.as_object(), family.type));
    }
    return family;
}

MetricFamily single(std::string name, std::string help, MetricType type, double value) {
    MetricFamily family{std::move(name), std::move(help), type, {ClientMetric{}}};
    auto& metric = family.metric.front();
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    return family;
}

// Fields of /proc/self/stat after the name, which may hold spaces; proc(5) numbers them from 3.
std::vector<double> stat_fields() {
    std::ifstream file("/proc/self/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    const auto name_ends = text.rfind(')');
    std::vector<double> fields;
    if (name_ends == std::string::npos) {
        return fields;
    }
    std::istringstream rest(text.substr(name_ends + 4));  // ") S "
    for (double field = 0; rest >> field;) {
        fields.push_back(field);
    }
    return fields;
}

double open_files() {
    std::error_code ignored;
    double count = 0;
    for (std::filesystem::directory_iterator entry("/proc/self/fd", ignored), end; entry != end;
         entry.increment(ignored)) {
        ++count;
    }
    return count;
}

// Since the epoch: the kernel counts from its boot, in ticks.
double started_at(double ticks_since_boot, double ticks_per_second) {
    std::ifstream file("/proc/stat");
    for (std::string name; file >> name;) {
        if (double boot = 0; name == "btime" && file >> boot) {
            return boot + ticks_since_boot / ticks_per_second;
        }
    }
    return 0;
}

double most_open_files() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

// The names that Prometheus' own client libraries give.
void add_process(std::vector<MetricFamily>& families) {
    const auto fields = stat_fields();
    constexpr std::size_t kUserTime = 10;  // of the fields here, that is field 14
    constexpr std::size_t kStarted = 18;
    constexpr std::size_t kVirtualBytes = 19;
    if (fields.size() <= kVirtualBytes + 1) {
        return;
    }
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    families.push_back(single("process_cpu_seconds_total", "CPU time used.", MetricType::Counter,
                              (fields[kUserTime] + fields[kUserTime + 1]) / ticks));
    families.push_back(
        single("process_virtual_memory_bytes", "Virtual memory.", MetricType::Gauge, fields[kVirtualBytes]));
    families.push_back(single("process_resident_memory_bytes", "Resident memory.", MetricType::Gauge,
                              fields[kVirtualBytes + 1] * page));
    families.push_back(single("process_open_fds", "Open file descriptors.", MetricType::Gauge, open_files()));
    families.push_back(
        single("process_max_fds", "Most open file descriptors.", MetricType::Gauge, most_open_files()));
    families.push_back(single("process_start_time_seconds", "When the process began, since the epoch.",
                              MetricType::Gauge, started_at(fields[kStarted], ticks)));
}

// Nothing of what cannot be read: a disk that fails is told by the store's state.
void add_disk(std::vector<MetricFamily>& families, const std::string& store_path) {
    std::error_code error;
    const auto store = std::filesystem::absolute(store_path, error);
    const auto space = std::filesystem::space(store.parent_path(), error);
    if (store_path.empty() || error) {
        return;
    }
    double bytes = 0;
    for (const auto* part : {"", "-wal", "-shm"}) {
        const auto size = std::filesystem::file_size(store.string() + part, error);
        bytes += error ? 0 : static_cast<double>(size);
    }
    families.push_back(
        single("muster_store_bytes", "Size of the store with its log.", MetricType::Gauge, bytes));
    families.push_back(single("muster_store_disk_bytes", "Size of the disk that the store is on.",
                              MetricType::Gauge, static_cast<double>(space.capacity)));
    families.push_back(single("muster_store_disk_free_bytes", "What is free of it for musterd.",
                              MetricType::Gauge, static_cast<double>(space.available)));
}

}  // namespace

std::string prometheus_text(const json::array& metrics, const std::string& store_path) {
    std::vector<MetricFamily> families;
    for (const auto& metric : metrics) {
        families.push_back(family_of(metric.as_object()));
    }
    add_process(families);
    add_disk(families, store_path);
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace muster::http
