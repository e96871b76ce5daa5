// musterd.
#include "daemon/program.hpp"

int main(int count, char** values) {
    muster::Parts parts;
    return muster::run_program(count, values, parts);
}
