// The service manager's end of sd_notify: a socket that programs under test are
// told of in NOTIFY_SOCKET, and what they said there.
//
// Threads: one.
#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

class NotifyListener {
public:
    enum class Kind { path, abstract };
    explicit NotifyListener(Kind kind = Kind::path);
    ~NotifyListener();
    NotifyListener(const NotifyListener&) = delete;
    NotifyListener& operator=(const NotifyListener&) = delete;

    // For NOTIFY_SOCKET.
    [[nodiscard]] const std::string& address() const noexcept { return address_; }
    // The assignments of all datagrams so far, in order: "READY=1", "STATUS=…".
    [[nodiscard]] const std::vector<std::string>& told();
    // How many of them begin so.
    [[nodiscard]] std::size_t count(std::string_view beginning);
    // Waits until there are at least so many; false: there never were.
    [[nodiscard]] bool wait(std::string_view beginning, std::size_t least = 1,
                            Milliseconds patience = kPatience);

private:
    TempDir directory_;
    std::string address_;
    int descriptor_ = -1;
    std::vector<std::string> told_;
};

}  // namespace muster::test
