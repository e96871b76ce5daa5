// What a soak did and found, for its report.
//
// Threads: a plain value.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace muster::crash {

class Figures {
public:
    void add(const std::string& name, std::uint64_t count = 1) { counts_[name] += count; }
    [[nodiscard]] std::uint64_t count(const std::string& name) const;
    // From a start of musterd until it answered, nothing else being broken.
    void recovered(std::uint64_t milliseconds) { recoveries_.push_back(milliseconds); }

    // kill -9 of musterd, by whatever.
    [[nodiscard]] std::uint64_t kills() const;
    // One flat object: every figure, also those that are 0.
    [[nodiscard]] boost::json::object report() const;

private:
    std::map<std::string, std::uint64_t> counts_;
    std::vector<std::uint64_t> recoveries_;
};

}  // namespace muster::crash
