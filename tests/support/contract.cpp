#include "tests/support/contract.hpp"

#include "config/yaml.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <array>
#include <cctype>
#include <stdexcept>

namespace muster::test {
namespace {

namespace json = boost::json;

constexpr config::YamlLimits kLimits{1024 * 1024, 64 * 1024, 32, 100'000, 1};

std::string upper(std::string_view text) {
    std::string result(text);
    for (auto& c : result) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return result;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& c : result) {
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return result;
}

std::vector<std::string> violations(const json::value& document, const json::value& value) {
    valijson::Schema schema;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::BoostJsonAdapter(document), schema);
    valijson::Validator validator;
    valijson::ValidationResults results;
    std::vector<std::string> found;
    if (validator.validate(schema, valijson::adapters::BoostJsonAdapter(value), &results)) {
        return found;
    }
    for (valijson::ValidationResults::Error error; results.popError(error);) {
        std::string where;
        for (const auto& step : error.context) {
            where += step;
        }
        found.push_back(where + ": " + error.description);
    }
    return found;
}

}  // namespace

Contract::Contract(std::string_view text) {
    const auto file = config::parse_yaml(text, "openapi.yaml", kLimits);
    if (!file) {
        const auto error = file.error();
        throw std::runtime_error(
            error.message + (error.details.empty()
                                 ? ""
                                 : ": " + error.details.front().field + " " + error.details.front().message));
    }
    document_ = config::to_json(file->documents.at(0)).as_object();
}

std::set<std::string> Contract::operations() const {
    static constexpr std::array<std::string_view, 5> kMethods{"get", "post", "put", "patch", "delete"};
    std::set<std::string> found;
    for (const auto& [path, item] : document_.at("paths").as_object()) {
        for (const auto method : kMethods) {
            if (item.as_object().contains(method)) {
                found.insert(upper(method) + " " + std::string(path));
            }
        }
    }
    return found;
}

const json::object& Contract::path_item(std::string_view operation) const {
    return document_.at("paths").as_object().at(operation.substr(operation.find(' ') + 1)).as_object();
}

const json::object& Contract::operation(std::string_view operation) const {
    return path_item(operation).at(lower(operation.substr(0, operation.find(' ')))).as_object();
}

std::set<std::string> Contract::parameters(std::string_view name, std::string_view in) const {
    std::set<std::string> found;
    for (const auto* place : {&path_item(name), &operation(name)}) {
        const auto* list = place->if_contains("parameters");
        for (const auto& each : list == nullptr ? json::array{} : list->as_array()) {
            const auto parameter = resolved(each);
            if (parameter.at("in").as_string() == in) {
                found.insert(std::string(parameter.at("name").as_string()));
            }
        }
    }
    return found;
}

json::value Contract::resolved(const json::value& value) const {
    if (const auto* list = value.if_array()) {
        json::array result;
        for (const auto& each : *list) {
            result.push_back(resolved(each));
        }
        return result;
    }
    const auto* object = value.if_object();
    if (object == nullptr) {
        return value;
    }
    if (const auto* reference = object->if_contains("$ref")) {
        const auto pointer = std::string(reference->as_string()).substr(1);  // "#/components/…"
        boost::system::error_code error;
        const auto whole = json::value(document_);
        const auto* found = whole.find_pointer(pointer, error);
        if (found == nullptr) {
            throw std::runtime_error("nothing is at " + pointer);
        }
        return resolved(*found);
    }
    json::object result;
    for (const auto& [key, member] : *object) {
        result.emplace(key, resolved(member));
    }
    return result;
}

std::vector<std::string> Contract::complaints(std::string_view name, int status,
                                              std::string_view content_type, const std::string& body) const {
    const auto& responses = operation(name).at("responses").as_object();
    const auto* response = responses.if_contains(std::to_string(status));
    if (response == nullptr) {
        if (status < 400) {
            return {"the status " + std::to_string(status) + " is not in it"};
        }
        response = &responses.at("default");
    }
    const auto known = resolved(*response);
    const auto* content = known.as_object().if_contains("content");
    if (content == nullptr) {
        return body.empty() ? std::vector<std::string>{} : std::vector<std::string>{"there is a body"};
    }
    const auto type = std::string(content_type.substr(0, content_type.find(';')));
    const auto* described = content->as_object().if_contains(type);
    if (described == nullptr) {
        return {"the type " + type + " is not in it"};
    }
    if (type != "application/json") {
        return {};
    }
    return violations(described->at("schema"), json::parse(body));
}

}  // namespace muster::test
