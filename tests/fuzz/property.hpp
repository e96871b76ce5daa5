// What a fuzz target says when something is not as it must be.
//
// Threads: any.
#pragma once

#include "protocol/result.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace muster::fuzz {

// Under libFuzzer nobody catches it, which ends the process and keeps the
// input; in fuzz_replay it fails the test that names the input.
class PropertyBroken : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

void require(bool holds, std::string_view property);

// Every refusal says why, in text, within the bounds of make_error.
void require_good(const Error& error);

}  // namespace muster::fuzz
