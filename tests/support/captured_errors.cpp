#include "tests/support/captured_errors.hpp"

#include <array>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace muster::test {

CapturedErrors::CapturedErrors() : file_(memfd_create("errors", MFD_CLOEXEC)), before_(dup(STDERR_FILENO)) {
    if (file_ < 0 || before_ < 0 || dup2(file_, STDERR_FILENO) < 0) {
        throw std::runtime_error("standard error cannot be captured");
    }
}

CapturedErrors::~CapturedErrors() {
    dup2(before_, STDERR_FILENO);
    close(before_);
    close(file_);
}

std::string CapturedErrors::text() const {
    std::string text;
    std::array<char, 4096> buffer;
    for (off_t at = 0;; at = static_cast<off_t>(text.size())) {
        const auto got = pread(file_, buffer.data(), buffer.size(), at);
        if (got <= 0) {
            return text;
        }
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace muster::test
