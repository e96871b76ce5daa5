#include "daemon/http/assets.hpp"

#include <algorithm>

namespace muster::http {

const Asset* find_asset(std::string_view path) {
    const auto last = path.substr(path.rfind('/') + 1);
    if (last.find('.') == std::string_view::npos) {
        path = "/index.html";
    }
    const auto assets = console_assets();
    const auto found = std::ranges::find(assets, path, &Asset::path);
    return found == assets.end() ? nullptr : &*found;
}

}  // namespace muster::http
