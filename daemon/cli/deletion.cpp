#include "daemon/cli/deletion.hpp"

#include "daemon/cli/fields.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace muster::cli {
namespace json = boost::json;

Outcome<ExitCode> delete_all(Context& context, std::string_view kind, const std::vector<json::value>& names) {
    json::array deleted;
    std::vector<ErrorDetail> refusals;
    ErrorCode code = ErrorCode::conflict;
    for (const json::value& name : names) {
        const auto reply = context.request(std::string(kind) + "/delete", {{kind, name}});
        if (!reply && reply.error().exit != ExitCode::refused) {
            return reply.error();
        }
        if (!reply) {
            code = reply.error().error.code;
            refusals.push_back({shown(name), reply.error().error.message});
            continue;
        }
        deleted.push_back(name);
        context.output.line({{fmt::format("{} {} deleted", kind, shown(name))}});
    }
    if (!refusals.empty()) {
        std::string message = fmt::format("not deleted: {} of {}", refusals.size(), names.size());
        return Failure{make_error(code, std::move(message), std::move(refusals)), ExitCode::refused};
    }
    if (context.output.json()) {
        context.output.document(json::object{{"deleted", std::move(deleted)}});
    }
    return ExitCode::success;
}

}  // namespace muster::cli
