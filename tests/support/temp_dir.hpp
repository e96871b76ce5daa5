// A directory that lives as long as the test. With MUSTER_KEEP_TEMP in the
// environment it stays, to be looked at. in_memory(): where that costs no disk,
// for tests that make thousands.
//
// Threads: a plain value.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace muster::test {

class TempDir {
public:
    TempDir() : TempDir(std::filesystem::temp_directory_path()) {}
    explicit TempDir(const std::filesystem::path& parent) {
        auto name = (parent / "muster-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("cannot make a directory like " + name);
        }
        path_ = name;
    }
    ~TempDir() {
        if (std::getenv("MUSTER_KEEP_TEMP") == nullptr) {
            std::error_code ignored;
            std::filesystem::remove_all(path_, ignored);
        }
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] static std::filesystem::path in_memory() {
        std::error_code none;
        return std::filesystem::is_directory("/dev/shm", none) ? std::filesystem::path("/dev/shm")
                                                               : std::filesystem::temp_directory_path();
    }

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

}  // namespace muster::test
