// What is wrong with a YAML file, gathered while it is read. Part of the reader
// in yaml.cpp; nobody else includes it.
//
// Threads: one reader's own.
#pragma once

#include "config/yaml.hpp"

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::config {

// Leaves the parser at a mistake after which the rest cannot be read.
struct Stop : std::exception {};

class Mistakes {
public:
    explicit Mistakes(std::string_view source) : source_(source) {}

    // The rest of the file is still read.
    void note(Position position, std::string message) {
        ErrorDetail mistake{place(source_, position), std::move(message)};
        // A mapping and its first key begin at the same place.
        if (!list_.empty() && list_.back() == mistake) {
            return;
        }
        list_.push_back(std::move(mistake));
        if (list_.size() == kMostMistakes) {
            throw Stop();
        }
    }
    [[noreturn]] void stop(Position position, std::string message) {
        list_.push_back({place(source_, position), std::move(message)});
        throw Stop();
    }
    std::vector<ErrorDetail> take() { return std::move(list_); }

private:
    std::string_view source_;
    std::vector<ErrorDetail> list_;
};

}  // namespace muster::config
