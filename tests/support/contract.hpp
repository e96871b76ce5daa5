// openapi.yaml as tests use it: what it has, and whether an answer is what it says.
// Read by YAML and JSON Schema libraries, not by anything that writes answers.
//
// Threads: one.
#pragma once

#include <boost/json/object.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

class Contract {
public:
    // Throws std::runtime_error when the text is no document.
    explicit Contract(std::string_view text);

    // "GET /api/v1/jobs/{job}"
    [[nodiscard]] std::set<std::string> operations() const;
    // Names of the parameters of one, in "query", "header" or "path".
    [[nodiscard]] std::set<std::string> parameters(std::string_view operation, std::string_view in) const;
    // Every way in which the answer breaks it; empty when it keeps it.
    [[nodiscard]] std::vector<std::string> complaints(std::string_view operation, int status,
                                                      std::string_view content_type,
                                                      const std::string& body) const;

private:
    // With what its $ref stand for in their places.
    [[nodiscard]] boost::json::value resolved(const boost::json::value& value) const;
    [[nodiscard]] const boost::json::object& path_item(std::string_view operation) const;
    [[nodiscard]] const boost::json::object& operation(std::string_view operation) const;

    boost::json::object document_;
};

}  // namespace muster::test
