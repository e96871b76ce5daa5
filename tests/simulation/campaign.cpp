#include "tests/simulation/campaign.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <thread>

namespace muster::simulation {
namespace {

Options options_for(const Case& which) {
    auto options = options_of(which.seed);
    for (const auto& name : which.without) {
        const auto fault = std::ranges::find(fault_names(), std::string_view(name), &FaultName::name);
        if (fault != fault_names().end()) {
            fault->rate(options) = 0;
        }
    }
    options.fridges = which.fridges.value_or(options.fridges);
    options.basics = which.basics.value_or(options.basics);
    return options;
}

// The script is the seed's own, whatever else was taken away.
std::vector<Action> script_for(const Case& which) {
    const auto whole = script_of(options_of(which.seed));
    if (!which.actions) {
        return whole;
    }
    std::vector<Action> chosen;
    for (const auto index : *which.actions) {
        if (index < whole.size()) {
            chosen.push_back(whole[index]);
        }
    }
    return chosen;
}

class Shrinker {
public:
    explicit Shrinker(Case failing) : smallest_(std::move(failing)) {
        const auto outcome = play(smallest_, false);
        rule_ = outcome.violations.empty() ? std::string{} : outcome.violations.front().rule;
        smallest_.actions.emplace(script_of(options_of(smallest_.seed)).size());
        std::iota(smallest_.actions->begin(), smallest_.actions->end(), 0);
    }

    Case run() {
        if (!rule_.empty()) {
            take_actions();
            take_faults();
            take_devices();
            take_actions();
        }
        return smallest_;
    }

private:
    bool try_case(Case candidate) {
        const auto violations = play(candidate, false).violations;
        const auto same =
            std::ranges::any_of(violations, [this](const auto& one) { return one.rule == rule_; });
        if (same) {
            smallest_ = std::move(candidate);
        }
        return same;
    }

    // Delta debugging (Zeller and Hildebrandt, 2002), by halves of what is left.
    void take_actions() {
        for (auto chunk = std::max<std::size_t>(1, smallest_.actions->size() / 2); chunk > 0; chunk /= 2) {
            for (std::size_t at = 0; at < smallest_.actions->size();) {
                auto candidate = smallest_;
                auto& left = *candidate.actions;
                const auto end = std::min(at + chunk, left.size());
                left.erase(left.begin() + static_cast<std::ptrdiff_t>(at),
                           left.begin() + static_cast<std::ptrdiff_t>(end));
                if (!try_case(std::move(candidate))) {
                    at += chunk;
                }
            }
        }
    }

    void take_faults() {
        for (const auto& fault : fault_names()) {
            auto candidate = smallest_;
            candidate.without.emplace_back(fault.name);
            try_case(std::move(candidate));
        }
    }

    void take_devices() {
        const auto whole = options_of(smallest_.seed);
        for (std::size_t fewer = 1; fewer < whole.fridges; ++fewer) {
            auto candidate = smallest_;
            candidate.fridges = fewer;
            if (try_case(std::move(candidate))) {
                break;
            }
        }
        for (std::size_t fewer = 0; fewer < whole.basics; ++fewer) {
            auto candidate = smallest_;
            candidate.basics = fewer;
            if (try_case(std::move(candidate))) {
                break;
            }
        }
    }

    Case smallest_;
    std::string rule_;
};

}  // namespace

Outcome play(const Case& which, bool with_transcript) {
    return simulate(options_for(which), script_for(which), with_transcript);
}

std::string command_line(const Case& which) {
    auto text = fmt::format("--seed {}", which.seed);
    if (!which.without.empty()) {
        text += fmt::format(" --without {}", fmt::join(which.without, ","));
    }
    if (which.fridges) {
        text += fmt::format(" --fridges {}", *which.fridges);
    }
    if (which.basics) {
        text += fmt::format(" --basics {}", *which.basics);
    }
    if (which.actions) {
        text += fmt::format(" --actions {}", fmt::join(*which.actions, ","));
    }
    return text;
}

Case shrink(const Case& failing) {
    return Shrinker(failing).run();
}

CampaignResult run_campaign(std::uint64_t first, std::uint64_t count, unsigned threads) {
    CampaignResult result;
    std::mutex mutex;
    std::atomic<std::uint64_t> next{first};
    std::atomic<bool> enough{false};
    const auto work = [&] {
        Figures figures;
        while (!enough) {
            const auto seed = next++;
            if (seed >= first + count) {
                break;
            }
            const auto outcome = play({seed, {}, {}, {}, {}}, false);
            figures += outcome.figures;
            if (!outcome.violations.empty()) {
                const std::lock_guard lock(mutex);
                result.failures.push_back({seed, outcome.violations.front()});
                enough = result.failures.size() >= kMostFailures;
            }
        }
        const std::lock_guard lock(mutex);
        result.figures += figures;
    };
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < std::max(1U, threads); ++i) {
        workers.emplace_back(work);
    }
    for (auto& worker : workers) {
        worker.join();
    }
    std::ranges::sort(result.failures, {}, &Failure::seed);
    return result;
}

}  // namespace muster::simulation
