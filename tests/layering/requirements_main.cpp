// muster-requirements ROOT: prints the page that ./dev requirements writes.
#include "tests/layering/requirements.hpp"

#include <cstdio>

int main(int argument_count, char** arguments) {
    if (argument_count != 2) {
        std::fputs("usage: muster-requirements ROOT\n", stderr);
        return 1;
    }
    const auto page = muster::layering::requirements_page(muster::layering::load_tree(arguments[1]));
    return std::fputs(page.c_str(), stdout) < 0 ? 1 : 0;
}
