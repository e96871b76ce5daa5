#include "tests/support/disk_model.hpp"

#include <algorithm>

namespace muster::test {
namespace {

void write_at(std::string& bytes, std::uint64_t offset, std::string_view what) {
    bytes.resize(std::max<std::size_t>(bytes.size(), offset + what.size()), '\0');
    bytes.replace(offset, what.size(), what);
}

void settle(std::string& bytes, const DiskStep& step) {
    if (step.kind == DiskStep::Kind::write) {
        write_at(bytes, step.offset, step.bytes);
    } else {
        bytes.resize(step.offset, '\0');
    }
}

// Bytes of the write that go to the sector in which `at` lies.
std::uint64_t rest_of_sector(const DiskStep& step, std::uint64_t at) {
    const std::uint64_t end = (step.offset + at) / kSectorBytes * kSectorBytes + kSectorBytes;
    return std::min<std::uint64_t>(end - step.offset, step.bytes.size()) - at;
}

// Every sector of the write, or none of them, or some.
void scatter(std::string& bytes, const DiskStep& step, std::mt19937_64& random) {
    if (step.kind == DiskStep::Kind::truncate) {
        if (random() % 2 == 0) {
            settle(bytes, step);
        }
        return;
    }
    for (std::uint64_t at = 0; at < step.bytes.size();) {
        const auto size = rest_of_sector(step, at);
        if (random() % 2 == 0) {
            write_at(bytes, step.offset + at, std::string_view(step.bytes).substr(at, size));
        }
        at += size;
    }
}

void cut(std::string& bytes, const DiskStep& step, std::mt19937_64& random) {
    if (step.kind == DiskStep::Kind::truncate) {
        return;
    }
    std::uint64_t kept = 0;
    while (kept < step.bytes.size() && random() % 4 != 0) {
        kept += rest_of_sector(step, kept);
    }
    if (kept > 0) {
        write_at(bytes, step.offset, std::string_view(step.bytes).substr(0, kept));
    }
}

std::string survivor(std::string bytes, const std::vector<DiskStep>& pending, Survival survival,
                     std::mt19937_64& random) {
    const auto whole = survival == Survival::all      ? pending.size()
                       : survival == Survival::prefix ? random() % (pending.size() + 1)
                                                      : 0;
    for (std::size_t i = 0; i < pending.size(); ++i) {
        if (i < whole) {
            settle(bytes, pending[i]);
        } else if (survival == Survival::scattered) {
            scatter(bytes, pending[i], random);
        } else if (survival == Survival::prefix && i == whole) {
            cut(bytes, pending[i], random);
        }
    }
    return bytes;
}

}  // namespace

std::string_view to_string(Survival survival) noexcept {
    switch (survival) {
        case Survival::nothing:
            return "nothing";
        case Survival::prefix:
            return "prefix";
        case Survival::scattered:
            return "scattered";
        case Survival::all:
            return "all";
    }
    return "";
}

DiskModel::DiskModel(const DiskImage& image) {
    for (const auto& [name, bytes] : image) {
        names_[name] = std::make_shared<File>(File{bytes, {}});
    }
    durable_names_ = names_;
}

void DiskModel::apply_name(Names& names, const DiskStep& step, const std::shared_ptr<File>& made) {
    if (step.kind == DiskStep::Kind::make) {
        names[step.name] = made;
    } else if (auto moved = names.extract(step.name); !moved.empty() && step.kind == DiskStep::Kind::rename) {
        names[step.to] = moved.mapped();
    }
}

void DiskModel::apply(const DiskStep& step) {
    switch (step.kind) {
        case DiskStep::Kind::make:
        case DiskStep::Kind::rename:
        case DiskStep::Kind::remove:
            pending_names_.push_back({step, std::make_shared<File>()});
            apply_name(names_, step, pending_names_.back().made);
            return;
        case DiskStep::Kind::sync_names:
            durable_names_ = names_;
            pending_names_.clear();
            return;
        case DiskStep::Kind::write:
        case DiskStep::Kind::truncate:
            names_.at(step.name)->pending.push_back(step);
            return;
        case DiskStep::Kind::sync: {
            File& file = *names_.at(step.name);
            std::ranges::for_each(file.pending, [&](const auto& one) { settle(file.durable, one); });
            file.pending.clear();
            return;
        }
        case DiskStep::Kind::lose:
            names_.at(step.name)->pending.clear();
            return;
    }
}

bool DiskModel::settled() const {
    return pending_names_.empty() && std::ranges::all_of(durable_names_, [](const auto& entry) {
               return entry.second->pending.empty();
           });
}

DiskImage DiskModel::after_power_loss(Survival survival, std::mt19937_64& random) const {
    const auto kept = survival == Survival::all       ? pending_names_.size()
                      : survival == Survival::nothing ? 0
                                                      : random() % (pending_names_.size() + 1);
    Names names = durable_names_;
    for (std::size_t i = 0; i < kept; ++i) {
        apply_name(names, pending_names_[i].step, pending_names_[i].made);
    }
    DiskImage image;
    for (const auto& [name, file] : names) {
        image[name] = survivor(file->durable, file->pending, survival, random);
    }
    return image;
}

}  // namespace muster::test
