// What `muster --json doctor` said, as tests compare it.
#pragma once

#include "tests/support/json.hpp"
#include "tests/support/process.hpp"

#include <boost/json/value.hpp>

#include <set>
#include <stdexcept>
#include <string>
#include <sys/timex.h>

namespace muster::test {

// "broker.anonymous warning" of each check that is not ok, but for the clock of a machine that nothing sets.
[[nodiscard]] inline std::set<std::string> troubles(const Finished& doctor) {
    timex state{};
    const bool unset = ::adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) != 0;
    std::set<std::string> found;
    const auto said = parse(doctor.output);
    for (const auto& check : said.at("checks").as_array()) {
        const std::string result(check.at("result").as_string());
        const std::string id(check.at("id").as_string());
        if (result != "ok" && !(unset && id == "musterd.clock" && result == "warning")) {
            found.insert(id + " " + result);
        }
    }
    return found;
}

[[nodiscard]] inline boost::json::object check_of(const Finished& doctor, const std::string& id) {
    const auto said = parse(doctor.output);
    for (const auto& check : said.at("checks").as_array()) {
        if (check.at("id").as_string() == id) {
            return check.as_object();
        }
    }
    throw std::runtime_error("doctor has no check " + id + ":\n" + doctor.output + doctor.errors);
}

}  // namespace muster::test
