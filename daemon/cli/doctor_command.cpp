// doctor: what is wrong, and what to do about it.
#include "daemon/cli/context.hpp"
#include "daemon/cli/doctor_checks.hpp"
#include "daemon/cli/doctor_view.hpp"
#include "daemon/cli/handlers.hpp"

namespace muster::cli {

Outcome<ExitCode> doctor(Context& context, const Arguments&) {
    const auto facts = context.examine(context.settings);
    if (!facts) {
        return facts.error();
    }
    const auto checks = checkup::judge(*facts);
    if (context.output.json()) {
        context.output.document(checkup::document(*facts, checks));
    }
    for (const auto& line : checkup::lines(checks, context.output.columns())) {
        context.output.line(line);
    }
    if (facts->broker.failure) {
        return ExitCode::usage_or_connection;  // nothing else could be looked at
    }
    return checkup::has_problem(checks) ? ExitCode::ended_with_failures : ExitCode::success;
}

}  // namespace muster::cli
