// token new, list, revoke: the file of bearer tokens that musterd reads. They
// work on the file itself and need no broker.
#include "config/token_file.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/handlers.hpp"
#include "protocol/ids.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace muster::cli {
namespace json = boost::json;
namespace {

using Tokens = std::vector<config::Token>;

Failure file_failure(Error error) {
    return {std::move(error), ExitCode::usage_or_connection};
}

std::optional<config::Role> role_of(std::string_view text) {
    for (const auto role : {config::Role::viewer, config::Role::operator_role, config::Role::admin}) {
        if (config::to_string(role) == text) {
            return role;
        }
    }
    return std::nullopt;
}

json::object token_json(const config::Token& token) {
    return {{"name", token.name}, {"role", config::to_string(token.role)}, {"created_at", token.created_at}};
}

}  // namespace

Outcome<ExitCode> token_new(Context& context, const Arguments& arguments) {
    const auto name = arguments.one("NAME");
    const auto role = role_of(arguments.one("role"));
    if (!is_plain_name(name, limits::kUserNameLength)) {
        return usage_failure("the name must be 1 to 64 of letters, digits, _ and -");
    }
    if (!role) {
        return usage_failure("--role must be viewer, operator or admin");
    }
    const auto path = arguments.one("file");
    auto tokens = config::read_tokens(path);
    if (!tokens && tokens.error().code != ErrorCode::not_found) {
        return file_failure(tokens.error());
    }
    auto all = tokens ? std::move(tokens).value() : Tokens{};
    if (std::ranges::count(all, name, &config::Token::name) != 0) {
        return usage_failure("there is a token " + name + " already; muster token revoke takes it away");
    }
    if (all.size() >= config::kMostTokens) {
        return usage_failure(fmt::format("there are {} tokens already, and no more are allowed", all.size()));
    }
    const auto secret = config::new_token();
    all.push_back({name, *role, format_utc(context.now()), config::hash_of_token(secret)});
    if (const auto written = config::write_tokens(path, all); !written) {
        return file_failure(written.error());
    }
    if (context.output.json()) {
        auto document = token_json(all.back());
        document.emplace("token", secret);
        context.output.document(document);
        return ExitCode::success;
    }
    context.output.text(secret + "\n");
    context.output.remark(
        {{"This is shown once. Send it as Authorization: Bearer TOKEN; musterd reads the file "
          "that its http.tokens_file names.",
          Style::dim}});
    return ExitCode::success;
}

Outcome<ExitCode> token_list(Context& context, const Arguments& arguments) {
    const auto tokens = config::read_tokens(arguments.one("file"));
    if (!tokens) {
        return file_failure(tokens.error());
    }
    json::array items;
    Table table({{"NAME"}, {"ROLE"}, {"CREATED"}});
    for (const auto& token : *tokens) {
        items.push_back(token_json(token));
        table.add(
            {{token.name, Style::strong}, {std::string(config::to_string(token.role))}, {token.created_at}});
    }
    if (context.output.json()) {
        context.output.document(json::object{{"items", std::move(items)}});
    } else {
        context.output.table(table);
    }
    return ExitCode::success;
}

Outcome<ExitCode> token_revoke(Context& context, const Arguments& arguments) {
    const auto path = arguments.one("file");
    auto tokens = config::read_tokens(path);
    if (!tokens) {
        return file_failure(tokens.error());
    }
    auto all = std::move(tokens).value();
    for (const auto& name : arguments.all("NAME")) {
        if (std::erase_if(all, [&](const auto& token) { return token.name == name; }) == 0) {
            return usage_failure("there is no token " + name);
        }
    }
    if (const auto written = config::write_tokens(path, all); !written) {
        return file_failure(written.error());
    }
    context.output.line({{fmt::format("{} revoked; musterd refuses it from its next request on",
                                      fmt::join(arguments.all("NAME"), ", "))}});
    if (context.output.json()) {
        const auto& names = arguments.all("NAME");
        context.output.document(json::object{{"revoked", json::array(names.begin(), names.end())}});
    }
    return ExitCode::success;
}

}  // namespace muster::cli
