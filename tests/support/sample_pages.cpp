#include "tests/support/sample_pages.hpp"

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "protocol/codec.hpp"

namespace muster::test {
namespace {

constexpr std::uint32_t kBatch = 1'000;

}  // namespace

SamplePages::SamplePages(std::size_t devices)
    : fleet_(devices),
      job_(fleet_, kBatch),
      store_(store::open((directory_ / "muster.db").string()).value()) {
    MUSTER_INVARIANT(store_->commit(fleet_.changes()).has_value());
    for (const auto& changes : job_.changes()) {
        MUSTER_INVARIANT(store_->commit(changes).has_value());
    }
}

std::string SamplePages::page(std::string_view verb, const boost::json::object& body) const {
    const api::View view{job_.engine(), *store_, gateway_, SampleFleet::kNow};
    const auto prepared = api::prepare({"anna", api::Role::viewer, std::string(verb), body}, view).value();
    return format_json(api::reply_json("1", prepared.answer(view, nullptr).value()));
}

}  // namespace muster::test
