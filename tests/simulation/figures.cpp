#include "tests/simulation/figures.hpp"

#include <array>

namespace muster::simulation {
namespace {

// clang-format off
constexpr std::array kFigures{
    FigureName{"runs",                       &Figures::runs},
    FigureName{"messages",                   &Figures::messages},
    FigureName{"messages_dropped",           &Figures::dropped},
    FigureName{"messages_duplicated",        &Figures::duplicated},
    FigureName{"messages_delayed",           &Figures::delayed},
    FigureName{"messages_reordered",         &Figures::reordered},
    FigureName{"broker_restarts",            &Figures::broker_restarts},
    FigureName{"gateway_starts",             &Figures::gateway_starts},
    FigureName{"gateway_crashes",            &Figures::crashes},
    FigureName{"turns",                      &Figures::turns},
    FigureName{"commits",                    &Figures::commits},
    FigureName{"commits_refused",            &Figures::refused_commits},
    FigureName{"requests",                   &Figures::requests},
    FigureName{"jobs",                       &Figures::jobs},
    FigureName{"executions",                 &Figures::executions},
    FigureName{"operations_sent",            &Figures::operations_sent},
    FigureName{"operations_executed",        &Figures::operations_executed},
    FigureName{"operations_executed_twice",  &Figures::operations_executed_twice},
    FigureName{"verdicts",                   &Figures::verdicts},
    FigureName{"late_answers",               &Figures::late_answers},
};
// clang-format on

}  // namespace

std::span<const FigureName> figure_names() {
    return kFigures;
}

Figures& Figures::operator+=(const Figures& other) {
    for (std::size_t i = 0; i < actions.size(); ++i) {
        actions[i] += other.actions[i];
    }
    for (const auto& figure : kFigures) {
        this->*figure.value += other.*figure.value;
    }
    return *this;
}

}  // namespace muster::simulation
