#include "config/suggest.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace muster::config {
namespace {

// No key of ours is longer; it bounds the work on words that are.
constexpr std::size_t kWordBytes = 64;

// Least number of slips that turn one word into the other (optimal string alignment).
std::size_t slips(std::string_view from, std::string_view to) {
    std::vector<std::vector<std::size_t>> least(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
    for (std::size_t i = 0; i <= from.size(); ++i) {
        for (std::size_t j = 0; j <= to.size(); ++j) {
            if (i == 0 || j == 0) {
                least[i][j] = i + j;
                continue;
            }
            const std::size_t changed = from[i - 1] == to[j - 1] ? 0 : 1;
            least[i][j] = std::min({least[i - 1][j] + 1, least[i][j - 1] + 1, least[i - 1][j - 1] + changed});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                least[i][j] = std::min(least[i][j], least[i - 2][j - 2] + 1);
            }
        }
    }
    return least[from.size()][to.size()];
}

// The shortest word that says enough to be the beginning of another.
constexpr std::size_t kPrefixBytes = 3;

std::string_view last_part(std::string_view key) {
    return key.substr(key.rfind('.') + 1);
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates) {
    if (word.empty() || word.size() > kWordBytes) {
        return std::nullopt;
    }
    std::optional<std::string_view> best;
    std::size_t fewest = std::max<std::size_t>(1, last_part(word).size() / 3) + 1;
    for (const std::string_view candidate : candidates) {
        const bool begins = word.size() >= kPrefixBytes && candidate.starts_with(word);
        const bool same_part = last_part(candidate) == last_part(word);
        const std::size_t count = begins || same_part ? 1 : slips(word, candidate);
        if (count < fewest) {
            fewest = count;
            best = candidate;
        }
    }
    return best;
}

}  // namespace muster::config
