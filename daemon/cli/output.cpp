#include "daemon/cli/output.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace muster::cli {
namespace json = boost::json;

void Output::line(const Line& line) {
    if (!json()) {
        out_ << render(line, colour()) << '\n';
    }
}

void Output::table(Table& table) {
    for (const Line& row : table.take_lines(columns())) {
        if (!json()) {
            out_ << render(row, colour(), columns()) << '\n';
        }
    }
}

void Output::remark(const Line& line) {
    if (!json()) {
        remarks_ << render(line, options_.remark_colour) << '\n';
    }
}

void Output::document(const json::value& value) {
    out_ << escape_json_text(json::serialize(value)) << '\n';
}

void Output::text(std::string_view text) {
    out_ << (terminal() ? sanitize_lines(text) : std::string(text));
}

void Output::failure(const Failure& failure) {
    const Error& error = failure.error;
    if (json()) {
        json::array details;
        for (const ErrorDetail& detail : error.details) {
            details.push_back({{"field", detail.field}, {"message", detail.message}});
        }
        document({{"error",
                   {{"code", to_string(error.code)},
                    {"message", error.message},
                    {"details", std::move(details)}}}});
        return;
    }
    const auto print = [this](const Line& line) { remarks_ << render(line, options_.remark_colour) << '\n'; };
    print({{"muster: ", Style::bad}, {error.message}});
    for (const ErrorDetail& detail : error.details) {
        print({{"  "}, {detail.field + (detail.field.empty() ? "" : ": "), Style::strong}, {detail.message}});
    }
}

}  // namespace muster::cli
