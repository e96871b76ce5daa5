#include "daemon/core/execution.hpp"

#include "daemon/core/enum_texts.hpp"

namespace muster::core {
namespace {

constexpr EnumText<Phase> kPhases[] = {
    {Phase::queued, "queued"},           {Phase::held, "held"},         {Phase::sent, "sent"},
    {Phase::in_progress, "in_progress"}, {Phase::deferred, "deferred"}, {Phase::done, "done"},
};

}  // namespace

std::string_view to_string(Phase phase) noexcept {
    return text_of(kPhases, phase);
}

std::optional<Phase> parse_phase(std::string_view text) noexcept {
    return value_of(kPhases, text);
}

}  // namespace muster::core
