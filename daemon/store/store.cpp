#include "daemon/store/store.hpp"

namespace muster::store {

std::string_view to_string(StoreState state) noexcept {
    switch (state) {
        case StoreState::ok:
            return "ok";
        case StoreState::full:
            return "full";
        case StoreState::busy:
            return "busy";
        case StoreState::read_only:
            return "read-only";
        case StoreState::failing:
            return "failing";
        case StoreState::damaged:
            return "damaged";
    }
    return "";
}

bool has_failed(StoreState state) noexcept {
    switch (state) {
        case StoreState::ok:
        case StoreState::full:
        case StoreState::busy:
            return false;
        case StoreState::read_only:
        case StoreState::failing:
        case StoreState::damaged:
            return true;
    }
    return true;
}

}  // namespace muster::store
