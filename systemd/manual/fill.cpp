#include "systemd/manual/fill.hpp"

#include <regex>

namespace muster::manual {

std::string filled(std::string_view text, const Pieces& pieces) {
    static const std::regex place("%([a-z]+)%");
    std::string out;
    std::match_results<std::string_view::const_iterator> match;
    auto at = text.begin();
    while (std::regex_search(at, text.end(), match, place)) {
        out.append(at, match[0].first);
        if (const auto piece = pieces.find(match[1].str()); piece != pieces.end()) {
            out += piece->second;
        }
        at = match[0].second;
    }
    return out.append(at, text.end());
}

}  // namespace muster::manual
