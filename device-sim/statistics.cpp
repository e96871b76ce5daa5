#include "device-sim/statistics.hpp"

#include <fmt/ostream.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace muster::sim {
namespace {

std::uint64_t& counter_of(Totals& totals, Outcome outcome) {
    switch (outcome) {
        case Outcome::offline:
            return totals.missed;
        case Outcome::unreadable:
            return totals.unreadable;
        case Outcome::lost:
            return totals.lost;
        case Outcome::expired:
            return totals.expired;
        case Outcome::not_now:
            return totals.not_now;
        case Outcome::rejected:
            return totals.rejected;
        case Outcome::executed:
            return totals.executed;
        case Outcome::repeated:
            return totals.repeated;
    }
    MUSTER_INVARIANT(false);
    return totals.unreadable;
}

struct NamedTotal {
    const char* name;
    std::uint64_t Totals::*value;
};

constexpr NamedTotal kTotals[] = {
    {"received", &Totals::received},
    {"missed", &Totals::missed},
    {"unreadable", &Totals::unreadable},
    {"lost", &Totals::lost},
    {"expired", &Totals::expired},
    {"not_now", &Totals::not_now},
    {"rejected", &Totals::rejected},
    {"executed", &Totals::executed},
    {"repeated", &Totals::repeated},
    {"acks", &Totals::acks},
    {"acks_lost", &Totals::acks_lost},
    {"malformed_acks", &Totals::malformed_acks},
    {"unpublished", &Totals::unpublished},
    {"connections_made", &Totals::connections_made},
    {"connections_lost", &Totals::connections_lost},
};

void write(std::ostream& out, const DeviceCounts& devices, const Statistics& statistics) {
    fmt::print(out, "{{\"devices\":{{\"total\":{},\"online\":{},\"offline\":{}}},\n\"totals\":{{",
               devices.total, devices.online, devices.offline);
    const char* separator = "";
    for (const NamedTotal& total : kTotals) {
        fmt::print(out, "{}\"{}\":{}", separator, total.name, statistics.totals().*total.value);
        separator = ",";
    }
    const OperationTally& operations = statistics.operations();
    std::size_t executed_more_than_once = 0;
    fmt::print(out, "}},\n\"operations\":{{");
    separator = "\n";
    for (OperationTally::Index index = 0; index < operations.size(); ++index) {
        const OperationTally::Counts& counts = operations.counts(index);
        executed_more_than_once += static_cast<std::size_t>(counts.executed > 1);
        // The codec lets no character into an id that JSON would escape.
        fmt::print(out, "{}\"{}\":{{\"received\":{},\"executed\":{},\"acked\":{}}}", separator,
                   operations.id(index), counts.received, counts.executed, counts.acked);
        separator = ",\n";
    }
    fmt::print(out, "}},\n\"executed_more_than_once\":{}}}\n", executed_more_than_once);
}

}  // namespace

OperationTally::Index Statistics::record(const Reaction& reaction) {
    ++totals_.received;
    ++counter_of(totals_, reaction.outcome);
    totals_.acks_lost += static_cast<std::uint64_t>(reaction.ack_lost);
    if (!per_operation_ || reaction.operation.empty()) {
        return OperationTally::kNone;
    }
    const OperationTally::Index operation = operations_.at(reaction.operation);
    operations_.count_received(operation);
    if (reaction.outcome == Outcome::executed) {
        operations_.count_executed(operation);
    }
    return operation;
}

void Statistics::record_published(PublicationKind kind, OperationTally::Index operation) noexcept {
    if (kind == PublicationKind::ack) {
        ++totals_.acks;
        operations_.count_acked(operation);
    } else if (kind == PublicationKind::malformed_ack) {
        ++totals_.malformed_acks;
    }
}

Result<void> write_statistics(const std::string& path, const DeviceCounts& devices,
                              const Statistics& statistics) {
    const std::string unfinished = path + ".new";
    std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
    write(out, devices, statistics);
    out.close();
    if (!out || std::rename(unfinished.c_str(), path.c_str()) != 0) {
        return make_error(ErrorCode::unavailable,
                          fmt::format("cannot write {}: {}", path, std::strerror(errno)));
    }
    return {};
}

std::string summary(const Totals& totals) {
    return fmt::format(
        "{} messages received: {} executed, {} repeated, {} rejected, {} not answered; {} acks",
        totals.received, totals.executed, totals.repeated, totals.rejected, totals.lost + totals.acks_lost,
        totals.acks);
}

}  // namespace muster::sim
