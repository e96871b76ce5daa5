// How often something was tried that must not work, by kind. With
// MUSTER_FIGURES_DIR in the environment the counts are written there, as
// security.json, when the program ends.
//
// Threads: one thread.
#pragma once

#include <string>

namespace muster::test {

// Of a kind such as "publish_on_foreign_topic".
void count_attempt(const std::string& kind, bool refused);

}  // namespace muster::test
