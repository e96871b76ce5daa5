// The control API over a fleet and a job that is done, in a store on a disk.
//
// Threads: one.
#pragma once

#include "daemon/api/api.hpp"
#include "tests/support/played_job.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace muster::test {

class SamplePages {
public:
    explicit SamplePages(std::size_t devices);

    // The reply to a question, as it goes to the client. Ends the process if it is refused.
    [[nodiscard]] std::string page(std::string_view verb, const boost::json::object& body) const;

private:
    SampleFleet fleet_;
    PlayedJob job_;
    TempDir directory_;
    std::unique_ptr<store::Store> store_;
    api::GatewayState gateway_;
};

}  // namespace muster::test
