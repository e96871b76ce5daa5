// apply: what YAML documents describe, created or updated.
#include "config/documents.hpp"
#include "config/files.hpp"
#include "config/yaml.hpp"
#include "daemon/cli/applied_job.hpp"
#include "daemon/cli/fields.hpp"
#include "daemon/cli/handlers.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>

namespace muster::cli {
namespace json = boost::json;
namespace {

using config::Document;
using config::DocumentKind;

// A longer name pushes its own line out of step, not all of them.
constexpr std::size_t kMostNameColumns = 40;

// The .yaml and .yml files of a folder and of those below it, by name.
Outcome<std::vector<std::string>> files_in(const std::filesystem::path& folder) {
    std::vector<std::string> files;
    std::error_code failed;
    for (auto at = std::filesystem::recursive_directory_iterator(folder, failed);
         !failed && at != std::filesystem::recursive_directory_iterator(); at.increment(failed)) {
        const auto extension = at->path().extension();
        if ((extension == ".yaml" || extension == ".yml") && at->is_regular_file(failed)) {
            files.push_back(at->path().string());
        }
    }
    if (failed || files.empty()) {
        return usage_failure(fmt::format("{}: {}", folder.string(),
                                         failed ? failed.message() : "no .yaml or .yml file is in it"));
    }
    std::sort(files.begin(), files.end());
    return files;
}

Result<std::vector<Document>> read_input(std::istream& input) {
    std::string text(config::kFleetLimits.bytes + 1, '\0');
    input.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(input.gcount()));
    return config::parse_documents(text, "standard input");
}

// What is named by a kind and a name may be described once, whatever the file.
std::vector<ErrorDetail> described_twice(const std::vector<Document>& documents) {
    std::map<std::pair<DocumentKind, std::string>, const Document*> first;
    std::vector<ErrorDetail> mistakes;
    for (const Document& document : documents) {
        if (document.kind == DocumentKind::job) {
            continue;
        }
        const auto [found, added] = first.emplace(std::pair(document.kind, document.name), &document);
        if (!added) {
            mistakes.push_back(
                {document.place_of(""),
                 fmt::format("{} {} is described at {} already", config::to_string(document.kind),
                             document.name, found->second->place_of(""))});
        }
    }
    return mistakes;
}

// All documents of all files, in the order in which they can be applied; or
// every mistake in any of them.
Outcome<std::vector<Document>> read_all(Context& context, const std::vector<std::string>& paths) {
    std::vector<Document> documents;
    std::vector<ErrorDetail> mistakes;
    const auto take = [&](const std::string& source, Result<std::vector<Document>> read) {
        if (read) {
            std::move(read->begin(), read->end(), std::back_inserter(documents));
            return;
        }
        const Error error = read.error();
        mistakes.insert(mistakes.end(), error.details.begin(), error.details.end());
        if (error.details.empty()) {
            mistakes.push_back({source, error.message});
        }
    };
    for (const std::string& path : paths) {
        if (path == "-") {
            take("standard input", read_input(context.input));
            continue;
        }
        std::error_code ignored;
        const bool folder = std::filesystem::is_directory(path, ignored);
        const auto files = folder ? files_in(path) : Outcome<std::vector<std::string>>({path});
        if (!files) {
            return files.error();
        }
        for (const std::string& file : *files) {
            take(file, config::read_documents(file));
        }
    }
    if (mistakes.empty()) {
        mistakes = described_twice(documents);
    }
    if (!mistakes.empty()) {
        return usage_failure("the documents cannot be read; nothing was sent", std::move(mistakes));
    }
    std::stable_sort(documents.begin(), documents.end(),
                     [](const Document& left, const Document& right) { return left.kind < right.kind; });
    return documents;
}

// What became of one document.
struct Applied {
    std::string changed;
    std::uint64_t job = 0;
};

Outcome<Applied> put(Context& context, const std::string& verb, const json::object& body) {
    const auto reply = context.request(verb, body);
    if (!reply) {
        return reply.error();
    }
    return Applied{text_of(as_object(*reply), "changed")};
}

Outcome<Applied> send(Context& context, const Document& document) {
    switch (document.kind) {
        case DocumentKind::device_template:
            return put(context, "template/put", {{"document", document.body}});
        case DocumentKind::device_set:
            return put(context, "set/put", document.body);
        case DocumentKind::device:
            return put(context, "device/put", document.body);
        case DocumentKind::job: {
            const auto applied = apply_job(context, document.body);
            if (!applied) {
                return applied.error();
            }
            return Applied{applied.value().changed, applied.value().job};
        }
    }
    return Applied{};
}

// Prints a line, or collects an item, for each document.
class Report {
public:
    Report(Output& output, const std::vector<Document>& documents) : output_(output) {
        for (const Document& document : documents) {
            name_columns_ = std::max(name_columns_, std::min(display_width(document.name), kMostNameColumns));
        }
    }

    void add(const Document& document, const Applied& applied) {
        json::object item = begin(document, applied.changed);
        const bool same = applied.changed == "unchanged" || applied.changed == "checked";
        Line line = first_line(document, applied.changed, same ? Style::dim : Style::good);
        if (applied.job != 0) {
            item["job"] = applied.job;
            line.push_back({fmt::format("  job {}", applied.job)});
        }
        output_.line(line);
        items_.push_back(std::move(item));
    }

    void add(const Document& document, const Error& error) {
        ++refused_;
        json::object item = begin(document, "refused");
        output_.line(first_line(document, "refused", Style::bad));
        output_.line({{"    "}, {error.message, Style::bad}});
        json::array details;
        for (const ErrorDetail& detail : error.details) {
            const std::string place = place_of(document, detail.field);
            output_.line({{"    "}, {place + ": ", Style::strong}, {detail.field + ": " + detail.message}});
            details.push_back({{"place", place}, {"field", detail.field}, {"message", detail.message}});
        }
        item["error"] = {
            {"code", to_string(error.code)}, {"message", error.message}, {"details", std::move(details)}};
        items_.push_back(std::move(item));
    }

    ExitCode end() {
        if (output_.json()) {
            output_.document(json::object{{"items", std::move(items_)}});
        }
        return refused_ == 0 ? ExitCode::success : ExitCode::refused;
    }

private:
    static json::object begin(const Document& document, std::string_view changed) {
        return {{"kind", config::to_string(document.kind)},
                {"name", document.name},
                {"place", document.place_of("")},
                {"changed", changed}};
    }

    Line first_line(const Document& document, std::string_view changed, Style style) const {
        const std::size_t width = display_width(document.name);
        const std::string gap(width < name_columns_ ? name_columns_ - width : 0, ' ');
        return {{fmt::format("{:<10}", changed), style},
                {fmt::format("{:<11}", config::to_string(document.kind))},
                {document.name, Style::strong},
                {gap + "  " + document.place_of(""), Style::dim}};
    }

    // A template goes within the request, so its errors name document.….
    static std::string place_of(const Document& document, std::string_view field) {
        constexpr std::string_view kWithin = "document";
        if (document.kind == DocumentKind::device_template && field.starts_with(kWithin)) {
            field.remove_prefix(kWithin.size());
            field.remove_prefix(field.starts_with('.') ? 1 : 0);
        }
        return document.place_of(field);
    }

    Output& output_;
    json::array items_;
    std::size_t name_columns_ = 0;
    std::size_t refused_ = 0;
};

}  // namespace

Outcome<ExitCode> apply(Context& context, const Arguments& arguments) {
    const auto read = read_all(context, arguments.all("file"));
    if (!read) {
        return read.error();
    }
    const std::vector<Document>& documents = read.value();
    Report report(context.output, documents);
    for (const Document& document : documents) {
        if (arguments.has("dry-run")) {
            report.add(document, Applied{"checked"});
            continue;
        }
        const auto applied = send(context, document);
        if (applied) {
            report.add(document, *applied);
        } else if (applied.error().exit == ExitCode::refused) {
            report.add(document, applied.error().error);
        } else {
            Failure failure = applied.error();
            failure.error.details.push_back(
                {document.place_of(""), "this and what follows it may not have been applied; apply again"});
            return failure;
        }
    }
    return report.end();
}

}  // namespace muster::cli
