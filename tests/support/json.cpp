#include "tests/support/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace muster::test {
namespace {

[[noreturn]] void fail(const boost::json::value& document, std::string_view pointer,
                       const std::string& what) {
    throw std::runtime_error(std::string(pointer) + " is " + what + " in " +
                             boost::json::serialize(document));
}

}  // namespace

boost::json::value parse(std::string_view text) {
    boost::system::error_code error;
    auto value = boost::json::parse(text, error);
    if (error) {
        throw std::runtime_error("not JSON: " + std::string(text));
    }
    return value;
}

const boost::json::value& member(const boost::json::value& document, std::string_view pointer) {
    boost::system::error_code error;
    const auto* found = document.find_pointer(pointer, error);
    if (found == nullptr) {
        fail(document, pointer, "missing");
    }
    return *found;
}

std::string text(const boost::json::value& document, std::string_view pointer) {
    const auto& value = member(document, pointer);
    if (!value.is_string()) {
        fail(document, pointer, "no text");
    }
    return std::string(value.get_string());
}

std::int64_t number(const boost::json::value& document, std::string_view pointer) {
    const auto& value = member(document, pointer);
    if (!value.is_number()) {
        fail(document, pointer, "no number");
    }
    return value.to_number<std::int64_t>();
}

}  // namespace muster::test
