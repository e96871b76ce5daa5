// The web console's files, part of the program.
//
// Threads: constant data.
#pragma once

#include <span>
#include <string_view>

namespace muster::http {

struct Asset {
    std::string_view path;  // "/index.html", "/assets/main-3f2a.js"
    std::string_view type;  // as Content-Type
    std::string_view bytes;
    std::string_view gzip;  // the same, compressed
    std::string_view hash;  // of the bytes
};

// Written by the build (console/embed.cmake), or by no_console.cpp.
[[nodiscard]] std::span<const Asset> console_assets();

// What the console shows at a path: a file; index.html where a path names a
// page, that is, has no dot in its last part; else null.
[[nodiscard]] const Asset* find_asset(std::string_view path);

}  // namespace muster::http
