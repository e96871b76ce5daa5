#include "daemon/store/sqlite/checkpointer.hpp"

namespace muster::store::sqlite {

Result<std::unique_ptr<Checkpointer>> Checkpointer::start(const std::string& path) {
    // Closing it must not write: it may close because the disk has failed.
    auto database = Database::open_reader(path);
    if (!database) {
        return database.error();
    }
    return std::unique_ptr<Checkpointer>(new Checkpointer(std::move(*database)));
}

void Checkpointer::begin() {
    thread_.begin([this] {
        const auto pages = database_->checkpoint();
        moved_ = pages ? Moved{*pages} : Moved{0, pages.error(), database_->take_state()};
    });
}

}  // namespace muster::store::sqlite
