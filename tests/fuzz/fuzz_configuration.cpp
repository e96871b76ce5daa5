// The daemon's configuration, and one override.
#include "config/daemon_options.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>

namespace muster::fuzz {

void fuzz_configuration(Input input) {
    const auto parts = parts_of(text_of(input), 3);
    std::vector<std::string> overrides;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        overrides.emplace_back(parts[i]);
    }
    const auto options = config::parse_options(parts[0], "musterd.yaml", overrides);
    if (!options) {
        require_good(options.error());
        return;
    }
    const auto printed = config::print(*options);
    const auto again = config::parse_options(printed, "printed", {});
    require(again.has_value() && *again == *options, "what is printed is read back the same");
    require(config::print(*again) == printed, "there is one way to print options");
    require(config::changed_needing_restart(*options, *again).empty(), "nothing has changed");
}

}  // namespace muster::fuzz
