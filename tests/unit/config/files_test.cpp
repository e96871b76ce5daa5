#include "config/files.hpp"

#include "tests/support/files.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

using muster::ErrorCode;
using muster::Result;
using muster::config::read_password;
using muster::test::TempDir;
using muster::test::write_file;

namespace {

class Folder {
public:
    Result<std::string> password(std::string_view bytes) const {
        write_file(directory_ / "file", bytes);
        return read_password(path());
    }
    Result<std::string> file(std::string_view bytes, std::size_t most) const {
        write_file(directory_ / "file", bytes);
        return muster::config::read_file(path(), most);
    }
    std::string path() const { return (directory_ / "file").string(); }
    std::string folder() const { return directory_.path().string(); }

private:
    TempDir directory_;
};

}  // namespace

TEST_CASE("a file is read whole, up to its limit") {
    const Folder folder;
    CHECK(folder.file("", 4).value().empty());
    CHECK(folder.file("abcd", 4).value() == "abcd");
    CHECK(
        folder.file("abcde", 4).error() ==
        muster::make_error(ErrorCode::too_large, folder.path() + " is over 4 bytes, the most that is read"));
    const std::string large(100'000, 'x');
    CHECK(folder.file(large, 100'000).value() == large);
}

TEST_CASE("a file that cannot be read says why") {
    const Folder folder;
    const auto missing = muster::config::read_file(folder.path(), 4);
    CHECK(missing.error() == muster::make_error(ErrorCode::not_found, "cannot read " + folder.path() +
                                                                          ": No such file or directory"));
    const auto directory = muster::config::read_file(folder.folder(), 4);
    CHECK(directory.error() ==
          muster::make_error(ErrorCode::unavailable, "cannot read " + folder.folder() + ": Is a directory"));
    // An endless file costs no more than the limit.
    CHECK(muster::config::read_file("/dev/zero", 1000).error().code == ErrorCode::too_large);
}

TEST_CASE("a password is the file without the newline that ends it") {
    const Folder folder;
    CHECK(folder.password("secret").value() == "secret");
    CHECK(folder.password("secret\n").value() == "secret");
    CHECK(folder.password("secret\r\n").value() == "secret");
    CHECK(folder.password("secret\n\n").value() == "secret\n");
    CHECK(folder.password(" secret ").value() == " secret ");
    CHECK(folder.password(std::string(65'535, 'x') + "\n").value().size() == 65'535);
}

TEST_CASE("what is no password is refused") {
    const Folder folder;
    CHECK(folder.password("").error().code == ErrorCode::invalid);
    CHECK(folder.password("\n").error().code == ErrorCode::invalid);
    CHECK(folder.password(std::string_view("a\0b", 3)).error().code == ErrorCode::invalid);
    CHECK(folder.password(std::string(65'536, 'x')).error().code == ErrorCode::invalid);
    CHECK(folder.password(std::string(70'000, 'x')).error().code == ErrorCode::too_large);
    CHECK(read_password("/no/such/file").error().code == ErrorCode::not_found);
}

TEST_CASE("a user name is one line of text") {
    const TempDir directory;
    const auto file = (directory / "user").string();
    const auto user = [&](std::string_view bytes) {
        write_file(file, bytes);
        return muster::config::read_user(file);
    };
    CHECK(user("muster\n").value() == "muster");
    CHECK(user("gr\u00f8nn").value() == "gr\u00f8nn");
    for (const auto& bad : {std::string(), std::string("\n"), std::string("a\nb"), std::string("a\0b", 3),
                            std::string("\xff"), std::string(257, 'x')}) {
        CHECK(user(bad).error().code == ErrorCode::invalid);
    }
    CHECK(muster::config::read_user("/no/such/file").error().code == ErrorCode::not_found);
}
