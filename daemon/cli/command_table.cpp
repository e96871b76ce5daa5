#include "daemon/cli/command_table.hpp"

#include "daemon/cli/handlers.hpp"

namespace muster::cli {
namespace {

using Options = std::vector<Option>;

Options joined(std::initializer_list<Options> parts) {
    Options all;
    for (const Options& part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

std::vector<ExitCode> asking() {
    return {ExitCode::success, ExitCode::usage_or_connection, ExitCode::refused};
}
std::vector<ExitCode> watching() {
    return {
        ExitCode::success, ExitCode::usage_or_connection, ExitCode::ended_with_failures, ExitCode::stopped,
        ExitCode::refused, ExitCode::still_pending};
}

const Argument kJob{"JOB", "the job's number"};
const Argument kJobs{"JOB", "the jobs' numbers", Count::many};
const Argument kSavedJob{"JOB", "the job's number; without it, the options describe a new job",
                         Count::optional};

// Option order is the order in help.
Options specification() {
    return {
        {"--set", "SET", "the device set the job is for"},
        {"--settings", "NAME=VALUE", "settings and their values: --settings fanSpeed=3 light=eco", true},
        {"--properties", "NAME=VALUE", "properties and their values", true},
        {"--command", "COMMAND", "a command, then its arguments as NAME=VALUE; repeat it for a sequence",
         true},
        {"--name", "NAME", "the job's name; made from the operations when left out"},
        {"--description", "TEXT", "what the job is for"},
        {"--devices", "ID", "only these devices of the set: a,b,c or @FILE with one id a line", true},
        {"--except", "ID", "all devices of the set but these: a,b,c or @FILE", true},
        {"--all-devices", "", "all devices of the set (the default of a new job)"},
        {"--timeout", "TIME", "how long a device has to answer: 90s, 5m, 1h30m, 2d"},
        {"--offline", "wait|fail", "hold the operation for offline devices, or let them fail at once"},
        {"--window", "N", "most devices at work at once"},
    };
}
Options digest() {
    return {{"--digest", "DIGEST", "refuse the run if it would differ from the plan with this digest"}};
}
Options watch_options() {
    return {{"--watch", "", "follow the job until it ends; the exit code tells how"},
            {"--for", "TIME", "follow it for so long at most"}};
}
Options pages() {
    return {{"--limit", "N", "show at most so many rows (default 50)"}, {"--all", "", "show every row"}};
}

std::vector<Command> job_making_commands() {
    return {
        {"job",
         "new",
         "save a new job without running it",
         {},
         specification(),
         asking(),
         {"muster job new --set refrigerators --settings fanSpeed=3 --name \"Fan speed 3\""},
         job_new},
        {"job",
         "edit",
         "change a saved job",
         {kJob},
         specification(),
         asking(),
         {"muster job edit 42 --settings fanSpeed=4 --except fridge-7"},
         job_edit},
        {"job",
         "plan",
         "show what a run would do, device by device; sends nothing",
         {kSavedJob},
         joined({specification(), pages()}),
         asking(),
         {"muster job plan 42", "muster job plan --set refrigerators --settings fanSpeed=3 --all"},
         job_plan},
        {"job",
         "run",
         "run a saved or stopped job, or a new one",
         {kSavedJob},
         joined({specification(), digest(), watch_options()}),
         watching(),
         {"muster job run 42 --watch", "muster job run --set refrigerators --settings fanSpeed=3 --watch",
          "muster job run --set refrigerators --command defrost minutes=10 --command reboot"},
         job_run},
        {"job", "stop", "stop a running job; nothing more is sent", {kJob}, {}, asking(), {}, job_stop},
        {"job", "copy", "make a new saved job from an old one", {kJob}, {}, asking(), {}, job_copy},
        {"job",
         "rerun",
         "make a new job for the devices that failed",
         {kJob},
         joined({{{"--reason", "REASON", "only devices that failed for this reason, such as timeout"},
                  {"--message", "TEXT", "only devices that failed with this message"},
                  {"--run", "", "run it at once; otherwise it is saved"}},
                 watch_options()}),
         watching(),
         {"muster job rerun 42 --reason timeout --watch"},
         job_rerun},
        {"job", "delete", "delete jobs that are not running", {kJobs}, {}, asking(), {}, job_delete},
    };
}

std::vector<Command> job_looking_commands() {
    return {
        {"job",
         "list",
         "list jobs, running ones first",
         {},
         joined({{{"--status", "STATUS", "Pending, Running, Completed, Failed or Stopped"},
                  {"--search", "TEXT", "in name and description"}},
                 pages()}),
         asking(),
         {},
         job_list},
        {"job", "show", "show a job and why devices failed", {kJob}, {}, asking(), {}, job_show},
        {"job",
         "devices",
         "list the devices of a job",
         {kJob},
         joined({{{"--status", "STATUS", "Completed, Failed or Pending"},
                  {"--reason", "REASON",
                   "rejected, device_error, timeout, offline, deleted, unsupported or uncertain"},
                  {"--message", "TEXT", "exactly this message"}},
                 pages()}),
         asking(),
         {"muster job devices 42 --status Failed --all"},
         job_devices},
        {"job",
         "watch",
         "follow a job until it ends",
         {kJob},
         {{"--for", "TIME", "follow it for so long at most: 90s, 5m, 2h"}},
         watching(),
         {},
         job_watch},
        {"job",
         "csv",
         "write the job's details and every device's result as CSV",
         {kJob},
         {{"-o,--output", "FILE", "write to a file instead of standard output"}},
         asking(),
         {"muster job csv 42 -o job-42.csv"},
         job_csv},
    };
}

std::vector<Command> device_commands() {
    return {
        {"device",
         "list",
         "list devices",
         {},
         joined({{{"--search", "TEXT", "in id and name"},
                  {"--template", "TEMPLATE", "of this template"},
                  {"--online", "", "only devices that are online"},
                  {"--offline", "", "only devices that are offline"},
                  {"--query", "QUERY", "that match a device-set query, such as 'tags.site == \"oslo\"'"}},
                 pages()}),
         asking(),
         {},
         device_list},
        {"device",
         "show",
         "show a device and its latest jobs",
         {{"DEVICE", "its id"}},
         {},
         asking(),
         {},
         device_show},
        {"device",
         "set",
         "create a device or change its record",
         {{"DEVICE", "its id"},
          {"NAME=VALUE",
           "name=…, template=…, tags.NAME=… or properties.NAME=…; an empty value removes a tag or property",
           Count::many}},
         {},
         asking(),
         {"muster device set fridge-1 name=Lobby tags.site=oslo properties.location="},
         device_set},
        {"device",
         "delete",
         "delete devices",
         {{"DEVICE", "their ids", Count::many}},
         {},
         asking(),
         {},
         device_delete},
    };
}

std::vector<Command> other_commands() {
    const Argument set{"SET", "its name"};
    return {
        {"set", "list", "list device sets", {}, pages(), asking(), {}, set_list},
        {"set", "show", "show a device set", {set}, {}, asking(), {}, set_show},
        {"set",
         "preview",
         "list the devices in a set now, or in one that could be",
         {{"SET", "its name", Count::optional}},
         joined({{{"--template", "TEMPLATE", "of a set that is not saved"},
                  {"--query", "QUERY", "its query; empty: every device of the template"}},
                 pages()}),
         asking(),
         {"muster set preview --template refrigerator --query 'tags.site == \"oslo\"'"},
         set_preview},
        {"set",
         "delete",
         "delete device sets",
         {{"SET", "their names", Count::many}},
         {},
         asking(),
         {},
         set_delete},
        {"template", "list", "list templates", {}, pages(), asking(), {}, template_list},
        {"template",
         "show",
         "show what devices of a template can do",
         {{"TEMPLATE", "its name"}},
         {{"--version", "N", "an earlier version"}},
         asking(),
         {},
         template_show},
        {"template",
         "delete",
         "delete templates",
         {{"TEMPLATE", "their names", Count::many}},
         {},
         asking(),
         {},
         template_delete},
        {"", "status", "show how the gateway is", {}, {}, asking(), {}, status},
        {"",
         "doctor",
         "check broker, musterd and the store, and say what to do about what is wrong",
         {},
         {},
         {ExitCode::success, ExitCode::usage_or_connection, ExitCode::ended_with_failures},
         {"muster doctor --broker mqtts://gateway.example:8884 --user anna --password-file anna.password"},
         doctor,
         {{ExitCode::success, "nothing is a problem; there may be warnings"},
          {ExitCode::usage_or_connection, "wrong command line or file, or the broker was not reached"},
          {ExitCode::ended_with_failures, "at least one problem"}}},
        {"",
         "console",
         "print the web console's address, with a token of yours in it, and open it",
         {},
         {{"--print", "", "do not open it"}},
         asking(),
         {},
         console},
    };
}

std::vector<Command> token_commands() {
    const Option file{"-f,--file", "FILE", "the file of tokens, http.tokens_file of musterd", false, true};
    return {
        {"token",
         "new",
         "make a token for a script that uses the HTTP API, and print it",
         {{"NAME", "who it is for; the user in the audit log"}},
         {{"--role", "ROLE", "viewer, operator or admin", false, true}, file},
         asking(),
         {"muster token new grafana --role viewer -f /etc/muster/tokens"},
         token_new},
        {"token", "list", "list the tokens of a file", {}, {file}, asking(), {}, token_list},
        {"token",
         "revoke",
         "take tokens away",
         {{"NAME", "their names", Count::many}},
         {file},
         asking(),
         {},
         token_revoke},
    };
}

Command apply_command() {
    return {"",
            "apply",
            "create or update what YAML documents describe",
            {},
            {{"-f,--file", "FILE", "a file, a folder (its .yaml and .yml files) or - for standard input",
              true, true},
             {"--dry-run", "", "read and check everything, send nothing"}},
            asking(),
            {"muster apply -f fleet/", "muster apply -f - < job.yaml"},
            apply};
}

}  // namespace

const std::vector<Command>& command_table() {
    static const std::vector<Command> table = [] {
        std::vector<Command> all{apply_command()};
        for (const auto& part : {job_making_commands(), job_looking_commands(), device_commands(),
                                 other_commands(), token_commands()}) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    }();
    return table;
}

const std::vector<Option>& global_options() {
    static const std::vector<Option> options{
        {"--broker", "URL",
         "mqtt:// or mqtts:// and a host (env MUSTER_BROKER; default mqtt://127.0.0.1:1883)"},
        {"--user", "USER", "MQTT user name (env MUSTER_USER; default $USER, or operator)"},
        {"--password-file", "FILE", "a file that holds the password (env MUSTER_PASSWORD_FILE)"},
        {"--ca-file", "FILE",
         "certificates to trust with mqtts:// (env MUSTER_CA_FILE; default the system's)"},
        {"--certificate-file", "FILE",
         "certificate to show to an mqtts:// broker that asks for one (env MUSTER_CERTIFICATE_FILE)"},
        {"--key-file", "FILE",
         "the private key of that certificate (env MUSTER_KEY_FILE; default: it is in the same file)"},
        {"--root", "TOPIC", "topic root (env MUSTER_ROOT; default muster/v1)"},
        {"--timeout", "TIME",
         "how long to wait for an answer (env MUSTER_TIMEOUT; default 10s); commands that describe a job "
         "have "
         "a --timeout of their own, so give this one before them"},
        {"--json", "", "print one JSON document, with the member names of protocol/SPEC.md"},
    };
    return options;
}

}  // namespace muster::cli
