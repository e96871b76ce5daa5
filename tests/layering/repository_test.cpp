// The checks of this folder, on the repository itself.
#include "tests/layering/dependencies.hpp"
#include "tests/layering/requirements.hpp"
#include "tests/layering/tidiness.hpp"

#include <doctest/doctest.h>

namespace muster::layering {
namespace {

const Tree& repository() {
    static const Tree tree = load_tree(MUSTER_SOURCE_DIRECTORY);
    return tree;
}

void require_none(const Findings& findings) {
    CHECK_MESSAGE(findings.empty(), to_string(findings));
}

TEST_CASE("the tree was found") {
    CHECK(repository().size() > 40);
    CHECK(find_proofs(repository()).size() > 1);
}

TEST_CASE("includes follow the picture in ARCHITECTURE.md") {
    require_none(check_include_edges(repository()));
}

TEST_CASE("each outside library is known to its adapter alone") {
    require_none(check_libraries(repository()));
}

TEST_CASE("the pure folders are pure") {
    require_none(check_purity(repository()));
}

TEST_CASE("files and functions keep to their length") {
    require_none(check_lengths(repository()));
}

TEST_CASE("nothing is left over") {
    require_none(check_leftovers(repository()));
}

TEST_CASE("headers introduce themselves") {
    require_none(check_headers(repository()));
}

TEST_CASE("a switch over an enumeration has no default") {
    require_none(check_switches(repository()));
}

TEST_CASE("topics are put together in one place") {
    require_none(check_topics(repository()));
}

TEST_CASE("every requirement is proven by a test, or openly not") {
    require_none(check_requirements(repository()));
}

}  // namespace
}  // namespace muster::layering
