#include "daemon/cli/paging.hpp"

#include "daemon/cli/fields.hpp"
#include "daemon/cli/values.hpp"
#include "protocol/limits.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace muster::cli {
namespace json = boost::json;
namespace {

constexpr std::uint64_t kMostRows = 10'000'000;

// Prints items one way or the other.
class ListPrinter {
public:
    ListPrinter(Output& output, const ListView& view) : output_(output), view_(view), table_(view.columns) {}

    void begin(const json::object& head) {
        if (output_.json()) {
            std::string text = json::serialize(head);
            text.pop_back();
            output_.text(escape_json_text(text) + (head.empty() ? "" : ",") + "\"items\":[");
        }
    }

    void page(const json::array& items) {
        for (const json::value& item : items) {
            if (output_.json()) {
                output_.text((rows_ == 0 ? "" : ",") + escape_json_text(json::serialize(item)));
            } else {
                table_.add(view_.row(as_object(item)));
            }
            ++rows_;
        }
        if (!table_.empty()) {
            output_.table(table_);
        }
    }

    void end(const json::value& next) {
        if (output_.json()) {
            output_.text("],\"next\":" + escape_json_text(json::serialize(next)) + "}\n");
        } else if (rows_ == 0) {
            output_.line({{view_.nothing, Style::dim}});
        } else if (!next.is_null()) {
            output_.remark(
                {{fmt::format("… the first {}; --limit N or --all shows more", rows_), Style::dim}});
        }
    }

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

private:
    Output& output_;
    const ListView& view_;
    Table table_;
    std::uint64_t rows_ = 0;
};

}  // namespace

Outcome<Paging> paging_of(const Arguments& arguments) {
    Paging paging;
    paging.all = arguments.has("all");
    if (arguments.has("limit")) {
        const auto limit = parse_count(arguments.one("limit"), "--limit", 1, kMostRows);
        if (!limit) {
            return limit.error();
        }
        paging.limit = *limit;
    }
    return paging;
}

Outcome<json::array> first_rows(Context& context, const std::string& verb, json::object body,
                                std::uint64_t most, Milliseconds timeout) {
    constexpr int kMostPages = 100;
    json::array rows;
    for (int pages = 0; pages < kMostPages && rows.size() < most; ++pages) {
        body["limit"] = std::min<std::uint64_t>(most - rows.size(), limits::kPageMost);
        const auto reply = context.client.request(verb, body, timeout);
        if (!reply) {
            return reply.error();
        }
        const json::object& page = as_object(*reply);
        for (const json::value& item : array_of(page, "items")) {
            rows.push_back(item);
        }
        const json::value* next = page.if_contains("next");
        if (next == nullptr || next->is_null()) {
            break;
        }
        body["cursor"] = *next;
    }
    return rows;
}

Outcome<json::object> print_list(Context& context, const std::string& verb, json::object body,
                                 const Paging& paging, const ListView& view) {
    ListPrinter printer(context.output, view);
    json::object head;
    json::value next;
    for (bool first = true; first || !next.is_null(); first = false) {
        const std::uint64_t left = paging.all ? limits::kPageMost : paging.limit - printer.rows();
        if (left == 0) {
            break;
        }
        body["limit"] = std::min<std::uint64_t>(left, limits::kPageMost);
        if (!first) {
            body["cursor"] = next;
        }
        auto reply = context.request(verb, body);
        if (!reply) {
            return reply.error();
        }
        json::object page = as_object(*reply);
        const json::array items = array_of(page, "items");
        const json::value* cursor = page.if_contains("next");
        const json::value following = cursor == nullptr ? json::value() : *cursor;
        if (first) {
            head = std::move(page);
            head.erase("items");
            head.erase("next");
            printer.begin(head);
        } else if (following == next) {
            return answer_failure(verb + ": the same page came twice");
        }
        next = following;
        printer.page(items);
    }
    printer.end(next);
    return head;
}

}  // namespace muster::cli
