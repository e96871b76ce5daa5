// The unit before systemd's own checks, without a systemd that runs.
#include "tests/support/files.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>
#include <string>

namespace muster::test {
namespace {

const std::filesystem::path kUnits = MUSTER_SOURCE_DIRECTORY "/systemd";
const std::string kUnit = (kUnits / "musterd.service").string();

}  // namespace

TEST_CASE("systemd-analyze security gives the unit at most 1.2") {
    const auto finished = run({"systemd-analyze", "security", "--offline=true", "--threshold=12", kUnit});
    CHECK_MESSAGE(finished.exit_code == 0, (finished.output + finished.errors));
    CHECK(finished.output.find("Overall exposure level for musterd.service: ") != std::string::npos);
}

TEST_CASE("systemd-analyze verify has nothing to say about the unit") {
    // A root that has what the unit names.
    const TempDir root;
    const auto copies =
        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks;
    std::filesystem::create_directories(root / "etc/systemd/system");
    std::filesystem::create_directories(root / "lib/systemd");
    std::filesystem::copy("/lib/systemd/system", root / "lib/systemd/system", copies);
    std::filesystem::copy(kUnit, root / "etc/systemd/system/musterd.service");
    for (const auto* const program : {"usr/bin/musterd", "bin/kill"}) {
        std::filesystem::create_directories((root / program).parent_path());
        write_file(root / program, "#!/bin/sh\n");
        std::filesystem::permissions(root / program, std::filesystem::perms::owner_all);
    }
    const auto finished = run({"systemd-analyze", "verify", "--root=" + root.path().string(), "--man=no",
                               "--recursive-errors=no", "musterd.service"});
    CHECK(finished.exit_code == 0);
    CHECK(finished.output + finished.errors == "");
    // That it would.
    write_file(root / "etc/systemd/system/musterd.service",
               read_file(root / "etc/systemd/system/musterd.service") + "\n[Service]\nNoSuchKey=yes\n");
    CHECK(run({"systemd-analyze", "verify", "--root=" + root.path().string(), "--man=no",
               "--recursive-errors=no", "musterd.service"})
              .errors.find("NoSuchKey") != std::string::npos);
}

TEST_CASE("every line of the sandbox stands below a reason") {
    std::istringstream lines(read_file(kUnit));
    bool sandbox = false;
    bool reason = false;
    for (std::string line; std::getline(lines, line);) {
        sandbox = (sandbox || line.starts_with("# ---- sandbox")) && line != "[Install]";
        if (line.empty() || !sandbox) {
            reason = false;
        } else if (line.starts_with('#')) {
            reason = !line.starts_with("# ----");
        } else {
            CHECK_MESSAGE(reason, line);
        }
    }
}

TEST_CASE("user and folder are those of the unit") {
    const auto unit = read_file(kUnit);
    CHECK(unit.find("\nUser=muster\nGroup=muster\n") != std::string::npos);
    CHECK(unit.find("\nStateDirectory=muster\n") != std::string::npos);
    CHECK(read_file(kUnits / "sysusers.d/musterd.conf").find("\nu muster - ") != std::string::npos);
    CHECK(read_file(kUnits / "tmpfiles.d/musterd.conf").find("\nd /var/lib/muster 0750 muster muster -") !=
          std::string::npos);
}

}  // namespace muster::test
