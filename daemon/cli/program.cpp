#include "daemon/cli/program.hpp"

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/command_table.hpp"

#include <algorithm>

namespace muster::cli {
namespace {

OutputOptions output_options(const Surroundings& surroundings, bool json) {
    // https://no-color.org: set and not empty.
    const bool colour = surroundings.environment("NO_COLOR").value_or("").empty() &&
                        surroundings.environment("TERM").value_or("") != "dumb";
    OutputOptions options;
    options.json = json;
    options.terminal = surroundings.out_is_terminal;
    options.colour = colour && surroundings.out_is_terminal;
    options.remark_colour = colour && surroundings.remarks_is_terminal;
    options.columns = surroundings.columns;
    return options;
}

Outcome<ExitCode> run_command(const Invocation& invocation, const Surroundings& surroundings,
                              Output& output) {
    const auto settings = resolve_settings(invocation.global, surroundings.environment);
    if (!settings) {
        return settings.error();
    }
    for (const std::string& warning : settings->warnings) {
        output.remark({{"warning: ", Style::strong}, {warning}});
    }
    const auto client = surroundings.make_client(*settings);
    Context context{*settings,
                    *client,
                    output,
                    surroundings.input,
                    surroundings.now,
                    surroundings.note_interrupts,
                    surroundings.interrupted,
                    surroundings.open_address,
                    surroundings.examine};
    auto outcome = invocation.command->handler(context, invocation.arguments);
    // Before the client takes its time to say goodbye to the broker.
    output.flush();
    return outcome;
}

}  // namespace

ExitCode run_program(const std::vector<std::string>& words, const Surroundings& surroundings) {
    const auto parsed = parse_command_line(words, command_table(), global_options());
    if (!parsed) {
        // Whether JSON was asked for is not known from a line that cannot be read.
        const bool json = std::find(words.begin(), words.end(), "--json") != words.end();
        Output(surroundings.out, surroundings.remarks, output_options(surroundings, json))
            .failure(parsed.error());
        return parsed.error().exit;
    }
    if (const auto* information = std::get_if<Information>(&*parsed)) {
        surroundings.out << information->text << std::flush;
        return ExitCode::success;
    }
    const auto& invocation = std::get<Invocation>(*parsed);
    Output output(surroundings.out, surroundings.remarks,
                  output_options(surroundings, invocation.global.has("json")));
    const auto outcome = run_command(invocation, surroundings, output);
    if (!outcome) {
        output.failure(outcome.error());
        return outcome.error().exit;
    }
    if (!output.flush()) {
        output.failure(usage_failure("standard output cannot be written"));
        return ExitCode::usage_or_connection;
    }
    return outcome.value();
}

}  // namespace muster::cli
