#include "systemd/manual/pages.hpp"

#include "systemd/manual/command_text.hpp"
#include "systemd/manual/roff.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace muster::manual {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Page begin(const Program& program, int section, const Edition& edition) {
    return Page({program.name, section, edition.date, "muster " + edition.version, program.summary});
}

void write_entries(Page& page, std::string_view title, const Pairs& entries) {
    page.section(title);
    for (const auto& [term, text] : entries) {
        page.entry(bold(term), text);
    }
}

void write_see_also(Page& page, const Pairs& pages) {
    page.section("SEE ALSO");
    std::string line;
    for (const auto& [name, section] : pages) {
        line += fmt::format("{}{}({})", line.empty() ? "" : ",\n", bold(name), section);
    }
    page.line(line);
}

}  // namespace

std::string client_page(const Program& client, const Edition& edition) {
    Page page = begin(client, 1, edition);
    page.section("SYNOPSIS");
    page.line(bold("muster") + plain(" [OPTION…] ") + italic("COMMAND") + plain(" [ARGUMENT…]"));
    page.line(bold("muster") + " " + italic("COMMAND") + " " + bold("--help"));
    page.section("DESCRIPTION");
    page.paragraph(
        "muster makes, runs and follows bulk jobs on fleets of MQTT devices: pick a device set, say which "
        "settings, properties or commands, and know for every device whether it Completed, Failed (and why) "
        "or is still Pending. It asks a running `musterd` over the MQTT broker that both are connected to; "
        "what a user may do is that user's role in the configuration of musterd.");
    page.paragraph(
        "Results go to standard output, remarks and errors to standard error. With --json every command "
        "prints one JSON document, with the member names of the control API.");
    write_options(page, client);
    write_commands(page, client);
    write_exits(page, client);
    write_environment(page, client);
    page.section("EXAMPLES");
    page.paragraph(
        "Describe a fleet, set all its refrigerators to fan speed 3, and see which did not answer:");
    page.example({"export MUSTER_USER=anna", "muster apply -f fleet/",
                  "muster job run --set refrigerators --settings fanSpeed=3 --watch",
                  "muster job devices 1 --status Failed", "muster job rerun 1 --reason timeout --watch"});
    write_see_also(page, {{"musterd", "8"}, {"musterd.yaml", "5"}, {"muster-sim", "1"}, {"mosquitto", "8"}});
    return page.text();
}

std::string daemon_page(const Program& daemon, const Edition& edition) {
    Page page = begin(daemon, 8, edition);
    page.section("SYNOPSIS");
    page.line(bold("musterd") + plain(" [OPTION…]"));
    for (const Command& command : daemon.commands) {
        page.line(bold("musterd") + plain(" [OPTION…] ") + bold(joined(command.path)) +
                  plain(" [ARGUMENT…]"));
    }
    page.section("DESCRIPTION");
    page.paragraph(
        "musterd keeps the registry of devices, runs the jobs on them and remembers every result. It is a "
        "client of an MQTT broker, as the devices are, and is asked by `muster` over that broker, by scripts "
        "over HTTP, and by people in the web console that it serves.");
    page.paragraph(
        "It stays in the foreground and logs to standard error. Installed as a package it is the service "
        "`musterd.service`, under a user of its own: `systemctl status musterd` and `journalctl -u musterd` "
        "say how it is.");
    page.paragraph(
        "What it has accepted or reported survives kill -9 and power loss. When its disk is full or fails it "
        "stays up, refuses jobs, says so, and goes on when the disk works again; a store that is damaged, or "
        "of a newer muster, ends it, and nothing in the file is changed.");
    write_options(page, daemon);
    write_commands(page, daemon);
    write_entries(
        page, "SIGNALS",
        {{"SIGHUP",
          "The configuration is read again. What can change while it runs is taken over, the rest is named "
          "in the log; a configuration with mistakes is refused, and the one before stays in force."},
         {"SIGTERM, SIGINT", "Ends. Jobs go on at the next start."}});
    write_exits(page, daemon);
    write_entries(page, "FILES",
                  {{"/etc/muster/musterd.yaml", "The configuration of the service."},
                   {"/var/lib/muster/muster.db",
                    "The store, with -wal and -shm beside it while it is open: one whole only together, so "
                    "copy it with a backup and not with cp."}});
    write_see_also(page, {{"musterd.yaml", "5"}, {"muster", "1"}, {"mosquitto", "8"}, {"systemctl", "1"}});
    return page.text();
}

std::string simulator_page(const Program& simulator, const Edition& edition) {
    Page page = begin(simulator, 1, edition);
    page.section("SYNOPSIS");
    page.line(bold("muster-sim") + " " + bold("--devices") + " " + italic("N") + " " + bold("--template") +
              " " + italic("TEMPLATE") + plain(" [OPTION…]"));
    page.section("DESCRIPTION");
    page.paragraph(
        "muster-sim connects any number of simulated devices to an MQTT broker. They announce themselves, "
        "take settings, properties and commands of any template, and answer as real ones do: most of them "
        "well, as many badly as the options of faults say. The same seed gives the same devices with the "
        "same "
        "faults.");
    page.paragraph("It runs until SIGTERM, SIGINT or the end of --duration; the devices then go offline.");
    write_options(page, simulator);
    write_exits(page, simulator);
    page.section("EXAMPLES");
    page.paragraph("Two hundred refrigerators, of which some refuse and some are never online:");
    page.example(
        {"muster-sim --devices 200 --template refrigerator --reject 3 --offline 2 --delay 20..2000"});
    write_see_also(page, {{"muster", "1"}, {"musterd", "8"}, {"mosquitto", "8"}});
    return page.text();
}

}  // namespace muster::manual
