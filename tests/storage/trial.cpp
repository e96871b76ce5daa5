#include "tests/storage/trial.hpp"

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/store_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>

namespace muster::test {
namespace {

// A store of an image, on a disk that records.
class Bench {
public:
    explicit Bench(const DiskImage& image, int log_pages) : log_pages_(log_pages) {
        for (const auto& [name, bytes] : image) {
            std::ofstream((directory_ / name).string(), std::ios::binary) << bytes;
        }
        disk.record();
    }

    [[nodiscard]] Result<std::unique_ptr<store::Store>> open() {
        return store::open((directory_ / kStoreName).string(), {log_pages_});
    }

private:
    TempDir directory_{TempDir::in_memory()};

public:
    FaultyDisk disk;

private:
    int log_pages_;
};

// Which states may be there: after at least so many commits, and at most so many.
struct Between {
    std::size_t least;
    std::size_t most;
};

std::optional<std::size_t> state_of(store::Store& store, const Workload& workload, Between between) {
    const std::string text = text_of(store);
    for (std::size_t i = between.least; i <= between.most; ++i) {
        if (workload.states[i] == text) {
            return i;
        }
    }
    return std::nullopt;
}

std::string what_is_there(store::Store& store, const Workload& workload) {
    const auto known = state_of(store, workload, {0, workload.states.size() - 1});
    return known ? fmt::format("the state after {} commits", *known)
                 : "no state that ever was: " + text_of(store);
}

// Opens the image: nothing lost, nothing half there, and the next commit works.
void check_image(const DiskImage& image, const Workload& workload, Between between, int crashes_left,
                 const std::string& context, std::mt19937_64& random, Figures& figures) {
    ++figures.crashes;
    figures.commits_checked += between.least;
    std::vector<DiskStep> steps;
    {
        Bench bench(image, workload.log_pages);
        auto store = bench.open();
        if (!store) {
            figures.violations.push_back(context + ": cannot be opened: " + store.error().message);
            return;
        }
        const auto found = state_of(**store, workload, between);
        if (!found) {
            figures.violations.push_back(fmt::format("{}: {} to {} commits expected, there is {}", context,
                                                     between.least, between.most,
                                                     what_is_there(**store, workload)));
            return;
        }
        between = {*found, *found};
        steps = bench.disk.steps();
        if (*found < workload.commits.size()) {
            const auto next = (*store)->commit(workload.commits[*found]);
            if (!next || text_of(**store) != workload.states[*found + 1]) {
                figures.violations.push_back(context + ": the commit after it does not work");
            }
        }
    }
    if (crashes_left > 0 && !steps.empty()) {
        DiskModel model(image);
        const auto cut = random() % steps.size();
        std::ranges::for_each(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(cut),
                              [&](const auto& step) { model.apply(step); });
        check_image(model.after_power_loss(kSurvivals[random() % std::size(kSurvivals)], random), workload,
                    between, crashes_left - 1,
                    fmt::format("{}, and at step {} of the recovery", context, cut), random, figures);
    }
}

DiskImage left_by(const DiskModel& model, Survival survival, std::mt19937_64& random, Figures& figures) {
    if (!model.settled()) {
        figures.lost_tails += survival == Survival::nothing ? 1 : 0;
        figures.torn_writes += survival == Survival::prefix || survival == Survival::scattered ? 1 : 0;
    }
    return model.after_power_loss(survival, random);
}

// One run of a workload on a disk with one fault.
class FaultTrial {
public:
    FaultTrial(const Workload& workload, const DiskFault& fault, std::string context, Figures& figures)
        : workload_(workload),
          context_(std::move(context)),
          figures_(figures),
          bench_(workload.start, workload.log_pages) {
        bench_.disk.arm(fault);
    }

    // False: it cannot go on.
    bool run() {
        bool well = open();
        for (std::size_t i = 0; well && i < workload_.commits.size(); ++i) {
            well = commit(i);
        }
        return well;
    }
    // The plug is pulled now.
    void lose_power(std::mt19937_64& random) {
        DiskModel model(workload_.start);
        std::ranges::for_each(bench_.disk.steps(), [&](const auto& step) { model.apply(step); });
        for (const auto survival : {Survival::nothing, Survival::scattered}) {
            images_.push_back(left_by(model, survival, random, figures_));
        }
    }
    // Closes the store, and looks at what it left.
    void close() {
        store_.reset();
        bench_.disk.heal();
        open();
        if (store_) {
            expect({workload_.commits.size(), workload_.commits.size()});
        }
        store_.reset();
    }
    [[nodiscard]] bool was_hit() const { return hit_ || bench_.disk.hits() > 0; }
    [[nodiscard]] std::vector<DiskImage> images() && { return std::move(images_); }

private:
    bool complain(const std::string& what) {
        figures_.violations.push_back(context_ + ": " + what);
        return false;
    }

    void heal() {
        hit_ = hit_ || bench_.disk.hits() > 0;
        bench_.disk.heal();
    }

    // Twice on the faulty disk, then on the healed one.
    bool open() {
        for (int left = 2;; --left) {
            auto opened = bench_.open();
            if (opened) {
                store_ = std::move(opened).value();
                return true;
            }
            if (!hit_ && bench_.disk.hits() == 0) {
                return complain("cannot be opened: " + opened.error().message);
            }
            if (left == 0) {
                return complain("cannot be opened on the healed disk: " + opened.error().message);
            }
            if (left == 1) {
                heal();
            }
        }
    }

    // Commit number `i`, whatever it takes.
    bool commit(std::size_t i) {
        const auto& changes = workload_.commits[i];
        const auto first = store_->commit(changes);
        if (first) {
            return true;
        }
        if (bench_.disk.hits() == 0) {
            return complain("an error without a fault: " + first.error().message);
        }
        if (first.error().code == ErrorCode::unavailable) {
            heal();
            return expect({i, i}) && again(i);
        }
        if (store_->commit(changes) || store_->load()) {
            return complain("a store that failed goes on");
        }
        store_.reset();
        heal();
        if (!open()) {
            return false;
        }
        // The commit was not reported; the whole of it may be there all the same.
        const auto found = state_of(*store_, workload_, {i, i + 1});
        return found ? *found == i + 1 || again(i) : expect({i, i + 1});
    }
    bool again(std::size_t i) {
        const auto second = store_->commit(workload_.commits[i]);
        return second ? true : complain("no commit on the healed disk: " + second.error().message);
    }
    bool expect(Between between) {
        ++figures_.commits_checked;
        return state_of(*store_, workload_, between) ||
               complain(fmt::format("{} to {} commits expected, there is {}", between.least, between.most,
                                    what_is_there(*store_, workload_)));
    }

    const Workload& workload_;
    const std::string context_;
    Figures& figures_;
    Bench bench_;
    std::unique_ptr<store::Store> store_;
    std::vector<DiskImage> images_;
    bool hit_ = false;
};

}  // namespace

bool try_fault(const Workload& workload, const DiskFault& fault, std::mt19937_64& random, Figures& figures) {
    const auto context =
        fmt::format("{}, {} of {} {}{}", workload.name, to_string(fault.failure), to_string(fault.call),
                    fault.after, fault.lasting ? " and all after it" : "");
    std::vector<DiskImage> images;
    {
        FaultTrial trial(workload, fault, context, figures);
        if (trial.run()) {
            trial.lose_power(random);
            trial.close();
        }
        if (!trial.was_hit()) {
            return false;
        }
        images = std::move(trial).images();
    }
    ++figures.faults_injected[fmt::format("{}_{}", to_string(fault.failure), to_string(fault.call))];
    for (const auto& image : images) {
        check_image(image, workload, {workload.commits.size(), workload.commits.size()}, 0,
                    context + ", then power loss", random, figures);
    }
    return true;
}

void sweep_fault(const Workload& workload, DiskFault fault, std::mt19937_64& random, Figures& figures) {
    for (fault.after = 0; try_fault(workload, fault, random, figures); ++fault.after) {
    }
}

void sweep_crashes(const Workload& workload, const CrashOptions& options, std::mt19937_64& random,
                   Figures& figures) {
    std::vector<DiskStep> steps;
    std::vector<std::size_t> begun;     // steps before each commit
    std::vector<std::size_t> reported;  // steps before it returned
    {
        Bench bench(workload.start, workload.log_pages);
        const auto store = bench.open().value();
        for (const auto& changes : workload.commits) {
            begun.push_back(bench.disk.steps().size());
            MUSTER_INVARIANT(store->commit(changes).has_value());
            reported.push_back(bench.disk.steps().size());
            while (
                store->tidy().value()) {  // what was deleted goes for good, and nobody may see a difference
            }
        }
        steps = bench.disk.steps();  // with the store: those of its end are missing
    }
    DiskModel model(workload.start);
    for (std::size_t done = 0; done <= steps.size(); ++done) {
        if (random() % options.one_in == 0) {
            const auto least =
                static_cast<std::size_t>(std::ranges::upper_bound(reported, done) - reported.begin());
            const auto begun_by_now =
                static_cast<std::size_t>(std::ranges::lower_bound(begun, done) - begun.begin());
            const Between between{least, std::max(least, begun_by_now)};  // a commit may need no step
            const auto check = [&](Survival survival) {
                check_image(left_by(model, survival, random, figures), workload, between,
                            options.crashes_in_recovery,
                            fmt::format("{}, crash after {} steps, {} survives", workload.name, done,
                                        to_string(survival)),
                            random, figures);
            };
            check(Survival::nothing);
            if (!model.settled()) {
                check(Survival::all);
                for (int i = 0; i < options.random_images; ++i) {
                    check(random() % 4 == 0 ? Survival::prefix : Survival::scattered);
                }
            }
        }
        if (done < steps.size()) {
            model.apply(steps[done]);
        }
    }
}

}  // namespace muster::test
