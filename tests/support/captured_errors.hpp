// What this process writes to standard error, from here to the end of the object.
//
// Threads: one object at a time; whoever writes must have finished.
#pragma once

#include <string>

namespace muster::test {

class CapturedErrors {
public:
    CapturedErrors();
    ~CapturedErrors();
    CapturedErrors(const CapturedErrors&) = delete;
    CapturedErrors& operator=(const CapturedErrors&) = delete;

    // So far.
    [[nodiscard]] std::string text() const;

private:
    int file_ = -1;    // in memory
    int before_ = -1;  // where standard error went
};

}  // namespace muster::test
