// An error as the lines a user sees: "file:12:3: what is wrong", or its message
// where it has no details. Empty for a success.
#pragma once

#include "protocol/result.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace muster::test {

using Lines = std::vector<std::string>;

inline Lines lines_of(const Error& error) {
    Lines lines;
    for (const ErrorDetail& detail : error.details) {
        lines.push_back(detail.field + ": " + detail.message);
    }
    return lines.empty() ? Lines{error.message} : lines;
}

template <class T>
Lines mistakes(const Result<T>& result) {
    return result ? Lines{} : lines_of(result.error());
}

}  // namespace muster::test

template <>
struct doctest::StringMaker<muster::test::Lines> {
    static String convert(const muster::test::Lines& lines) {
        std::string text;
        for (const std::string& line : lines) {
            text += "\n    " + line;
        }
        return text.c_str();
    }
};
