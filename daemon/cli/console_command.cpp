// console: the way into the web console.
#include "daemon/cli/context.hpp"
#include "daemon/cli/fields.hpp"
#include "daemon/cli/handlers.hpp"

namespace muster::cli {

Outcome<ExitCode> console(Context& context, const Arguments& arguments) {
    const auto reply = context.request("console/open", {});
    if (!reply) {
        return reply.error();
    }
    const auto& door = as_object(*reply);
    const auto address = text_of(door, "address");
    if (context.output.json()) {
        context.output.document(*reply);
        return ExitCode::success;
    }
    context.output.text(address + "\n");
    const bool opened = context.output.terminal() && !arguments.has("print") && context.open_address(address);
    context.output.remark(
        {{opened ? "Opened in your browser. The address lets in whoever has it, as you, until "
                 : "Open it in a browser. It lets in whoever has it, as you, until ",
          Style::dim},
         {text_of(door, "expires_at"), Style::dim}});
    return ExitCode::success;
}

}  // namespace muster::cli
