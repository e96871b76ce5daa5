// In place of the console where it was not built (MUSTER_CONSOLE=OFF).
#include "daemon/http/assets.hpp"

#include <array>

namespace muster::http {
namespace {

constexpr std::string_view kPage =
    "<!doctype html><html lang=\"en\"><title>muster</title><p>This musterd was built without its web "
    "console. "
    "The HTTP API is at /api/v1.</p></html>\n";
constexpr std::array kAssets{Asset{"/index.html", "text/html; charset=utf-8", kPage, {}, "none"}};

}  // namespace

std::span<const Asset> console_assets() {
    return kAssets;
}

}  // namespace muster::http
