#include "daemon/cli/fold.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace muster::cli {
namespace {

// So many digits always fit 64 bits; what stands before them is part of the name.
constexpr std::size_t kMostDigits = 18;

struct Split {
    std::string_view prefix;
    std::string_view digits;  // empty: the id ends in no number
};

Split split(std::string_view id) {
    std::size_t begin = id.size();
    while (begin > 0 && id.size() - begin < kMostDigits && id[begin - 1] >= '0' && id[begin - 1] <= '9') {
        --begin;
    }
    return {id.substr(0, begin), id.substr(begin)};
}

// Ids fold together when prefix and this agree: the number of digits for those
// written with leading zeros, 0 for the plain ones.
std::size_t padding(std::string_view digits) {
    return digits.size() > 1 && digits.front() == '0' ? digits.size() : 0;
}

std::uint64_t number(std::string_view digits) {
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::string padded(std::uint64_t value, std::size_t width) {
    std::string text = std::to_string(value);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

std::string fold_group(std::string_view prefix, std::size_t width, const std::set<std::uint64_t>& numbers) {
    std::string inside;
    for (auto first = numbers.begin(); first != numbers.end();) {
        auto last = first;
        auto next = std::next(first);
        while (next != numbers.end() && *next == *last + 1) {
            last = next++;
        }
        inside += (inside.empty() ? "" : ",") + padded(*first, width);
        if (last != first) {
            inside += "-" + padded(*last, width);
        }
        first = next;
    }
    const bool single = numbers.size() == 1;
    return std::string(prefix) + (single ? inside : "[" + inside + "]");
}

// "08" and "12" belong together, "8" and "12" too, but "08" and "8" are two ids.
using Groups = std::map<std::pair<std::string_view, std::size_t>, std::set<std::uint64_t>>;

void join_padded(Groups& groups) {
    for (auto& [key, numbers] : groups) {
        if (key.second == 0) {
            continue;
        }
        const auto plain = groups.find({key.first, 0});
        if (plain == groups.end()) {
            continue;
        }
        std::erase_if(plain->second, [&key = key, &numbers = numbers](std::uint64_t value) {
            const bool same_length = std::to_string(value).size() == key.second;
            if (same_length) {
                numbers.insert(value);
            }
            return same_length;
        });
    }
    std::erase_if(groups, [](const auto& group) { return group.second.empty(); });
}

}  // namespace

std::string fold_ids(const std::vector<std::string>& ids) {
    Groups groups;
    std::set<std::string> parts;
    for (const std::string& id : ids) {
        const Split parted = split(id);
        if (parted.digits.empty()) {
            parts.insert(id);
        } else {
            groups[{parted.prefix, padding(parted.digits)}].insert(number(parted.digits));
        }
    }
    join_padded(groups);
    for (const auto& [key, numbers] : groups) {
        parts.insert(fold_group(key.first, key.second, numbers));
    }
    std::string text;
    for (const std::string& part : parts) {
        text += (text.empty() ? "" : ", ") + part;
    }
    return text;
}

}  // namespace muster::cli
