#include "tests/bench/bare_loop.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sys/resource.h>

namespace muster::bench {
namespace {

// What a job of musterd sends, byte for byte but for the hash and the times.
constexpr std::string_view kTag = ".0-k3J9xQ2v";
constexpr std::string_view kExpiry = R"(,"exp":4000000000})";
constexpr std::string_view kIdMember = R"("id":")";

}  // namespace

BareWork::BareWork(const BareOptions& options)
    : options_(options),
      answered_(options.devices),
      head_(fmt::format(R"({{"id":"{}.)", options.run)),
      tail_(fmt::format(R"({}","set":{{"fanSpeed":{}}}{})", kTag, options.value, kExpiry)) {
    const auto width = fmt::formatted_size("{}", options.devices);  // as muster-sim numbers them
    for (std::size_t number = 1; number <= options.devices; ++number) {
        topics_.push_back(fmt::format("muster/v1/dev/{}{:0{}}/cmd", options.prefix, number, width));
    }
}

std::string BareWork::ack_filter() {
    return "muster/v1/dev/+/ack";
}

BareWork::Message BareWork::next() {
    const auto number = sent_++;
    return {topics_[number], head_ + std::to_string(number) + tail_};
}

bool BareWork::take(std::string_view ack) {
    const auto begin = ack.find(kIdMember);
    const auto dot = begin == std::string_view::npos ? begin : ack.find('.', begin + kIdMember.size());
    std::size_t number = 0;
    if (dot == std::string_view::npos ||
        std::from_chars(ack.data() + dot + 1, ack.data() + ack.size(), number).ec != std::errc{} ||
        number >= answered_.size()) {
        return false;
    }
    if (answered_[number]) {
        ++repeated_;
        return false;
    }
    answered_[number] = true;
    ++acked_;
    return true;
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace muster::bench
