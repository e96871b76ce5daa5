#include "tests/security/figures.hpp"

#include <cstdlib>
#include <fstream>
#include <map>

namespace muster::test {
namespace {

struct Count {
    int tried = 0;
    int refused = 0;
};

// Written when it goes away, at the end of the program.
class Figures {
public:
    ~Figures() {
        const char* folder = std::getenv("MUSTER_FIGURES_DIR");
        if (folder == nullptr) {
            return;
        }
        Count all;
        std::ofstream file(std::string(folder) + "/security.json");
        file << "{";
        for (const auto& [kind, count] : counts) {
            file << '"' << kind << "_tried\": " << count.tried << ", \"" << kind
                 << "_refused\": " << count.refused << ",\n ";
            all.tried += count.tried;
            all.refused += count.refused;
        }
        file << "\"attempts_tried\": " << all.tried << ", \"attempts_refused\": " << all.refused << "}\n";
    }

    std::map<std::string, Count> counts;
};

}  // namespace

void count_attempt(const std::string& kind, bool refused) {
    static Figures figures;
    auto& count = figures.counts[kind];
    ++count.tried;
    count.refused += refused ? 1 : 0;
}

}  // namespace muster::test
