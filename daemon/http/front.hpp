// What to do about a request: the rules of HTTP that come before and after the
// control API. In three steps, because of what may be believed when:
//   1. admit(): of the head alone, before a byte of the body is read: host, origin, token, route.
//   2. decide(): with the body: an answer, a call of the API, or a stream.
//   3. answer(): the response that the API's result becomes.
//
// Threads: one.
#pragma once

#include "daemon/api/api.hpp"
#include "daemon/http/downloads.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/routes.hpp"
#include "protocol/time.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace muster::http {

struct Identity {
    std::string user;
    api::Role role = api::Role::none;
};
// Whose token it is; nullopt: nobody's.
using Identify = std::function<std::optional<Identity>(std::string_view token)>;

struct FrontOptions {
    std::vector<std::string>
        hosts;  // beside the address that was reached, and localhost; as plain_host() has them
    bool tls = false;
    bool metrics_for_everyone = false;
    std::string store_path{};  // whose disk is in the metrics; empty: none
};

// A request that may be carried out as far as its head tells.
struct Admitted {
    const Route* route = nullptr;  // null: a file of the console
    boost::json::object members;   // from the path
    Target target;
    Identity identity;
    std::string token;
    std::size_t body_bytes = 0;  // most that its body may have
};

struct Ask {
    api::Call call;
    std::size_t bytes = 0;  // that the call holds, about
    const Route* route = nullptr;
    bool conditional = false;  // it had If-Match
};
struct CsvStream {
    api::Call call;  // of job/csv, for the first page
    std::string file_name;
};
struct EventStream {
    std::optional<std::string> last_id;
    std::string token;
};
using Action = std::variant<Response, Ask, CsvStream, EventStream>;

// A host as it is compared: in lower case, without port and brackets; empty: it is none.
[[nodiscard]] std::string plain_host(std::string_view authority);

class Front {
public:
    Front(FrontOptions options, Identify identify)
        : options_(std::move(options)), identify_(std::move(identify)) {}

    // `local_address`: where the request was received, "127.0.0.1".
    [[nodiscard]] std::variant<Response, Admitted> admit(const Request& head,
                                                         const std::string& local_address) const;
    [[nodiscard]] Action decide(Admitted admitted, const Request& request, TimePoint now);
    [[nodiscard]] Response answer(const Ask& ask, const Result<boost::json::object>& result) const;
    // Whether a stream may go on: its token is as good as it was.
    [[nodiscard]] bool still_admits(const std::string& token) const;
    [[nodiscard]] const FrontOptions& options() const noexcept { return options_; }

private:
    [[nodiscard]] std::optional<Response> refuse_host(const Request& head,
                                                      const std::string& local_address) const;
    [[nodiscard]] bool is_ours(std::string_view host, const std::string& local_address) const;
    [[nodiscard]] Action decide_special(Admitted& admitted, const Request& request, TimePoint now);
    [[nodiscard]] Response new_download(const Admitted& admitted, const Request& request, TimePoint now);
    [[nodiscard]] Action follow_download(const Admitted& admitted, TimePoint now);

    FrontOptions options_;
    Identify identify_;
    Downloads downloads_;
};

}  // namespace muster::http
