#include "daemon/store/sqlite/registry_rows.hpp"

#include "daemon/store/sqlite/row.hpp"
#include "protocol/codec.hpp"

#include <fmt/format.h>

namespace muster::store::sqlite {

Result<void> put_template(Statement& statement, const core::StoredTemplate& stored) {
    const std::string document = format_json(stored.body->source);
    statement.bind(1, stored.body->name);
    statement.bind(2, static_cast<std::int64_t>(stored.version));
    statement.bind(3, std::int64_t{stored.deleted});
    statement.bind(4, stored.changed_at);
    statement.bind(5, document);
    return statement.run();
}

Result<core::StoredTemplate> read_template(const Statement& statement) {
    Row row(statement);
    auto body = core::Template::parse(row.json(4));
    if (!body) {
        return make_error(ErrorCode::internal,
                          fmt::format("the stored template {} version {} is not valid: {}", row.text(0),
                                      row.number<std::uint64_t>(1), body.error().message));
    }
    core::StoredTemplate stored;
    stored.body = std::make_shared<const core::Template>(std::move(*body));
    stored.version = row.number<std::uint64_t>(1);
    stored.deleted = row.flag(2);
    stored.changed_at = row.time(3);
    row.check(stored.body->name == row.text(0));
    return row.finish(std::move(stored), "templates");
}

Result<void> put_set(Statement& statement, const core::DeviceSet& set) {
    statement.bind(1, set.name);
    statement.bind(2, set.title);
    statement.bind(3, set.description);
    statement.bind(4, set.template_name);
    statement.bind(5, set.query);
    statement.bind(6, static_cast<std::int64_t>(set.revision));
    statement.bind(7, set.changed_at);
    return statement.run();
}

Result<core::DeviceSet> read_set(const Statement& statement) {
    Row row(statement);
    core::DeviceSet set;
    set.name = row.text(0);
    set.title = row.text(1);
    set.description = row.text(2);
    set.template_name = row.text(3);
    set.query = row.text(4);
    set.revision = row.number<std::uint64_t>(5);
    set.changed_at = row.time(6);
    return row.finish(std::move(set), "device_sets");
}

Result<void> put_device(Statement& statement, const core::Device& device) {
    const auto tags = device.tags.text();
    const auto properties = device.properties.text();
    const auto settings = device.settings.text();
    const auto reported = device.reported.text();
    statement.bind(1, device.id.text());
    statement.bind(2, std::int64_t{device.online});
    statement.bind(3, device.presence_since);
    statement.bind(4, std::int64_t{device.remembers});
    statement.bind(5, device.template_name);
    statement.bind(6, device.name);
    statement.bind(7, tags);
    statement.bind(8, properties);
    statement.bind(9, settings);
    statement.bind(10, reported);
    return statement.run();
}

Result<void> put_presence(Statement& statement, const core::PutPresence& presence) {
    statement.bind(1, presence.device.text());
    statement.bind(2, std::int64_t{presence.online});
    statement.bind(3, presence.since);
    return statement.run();
}

Result<core::Device> read_device(const Statement& statement) {
    Row row(statement);
    core::Device device;
    device.id = row.device(0);
    device.online = row.flag(1);
    device.presence_since = row.time(2);
    device.remembers = row.number<std::uint16_t>(3);
    device.template_name = row.text(4);
    device.name = row.text(5);
    device.tags = row.values(6);
    device.properties = row.values(7);
    device.settings = row.values(8);
    device.reported = row.values(9);
    return row.finish(std::move(device), "devices");
}

Result<void> add_audit(Statement& statement, const core::AuditEntry& entry) {
    statement.bind(1, entry.at);
    statement.bind(2, entry.user);
    statement.bind(3, entry.action);
    statement.bind(4, entry.subject);
    statement.bind(5, entry.detail);
    return statement.run();
}

Result<NumberedAudit> read_audit(const Statement& statement) {
    Row row(statement);
    NumberedAudit audit;
    audit.number = row.number<std::uint64_t>(0);
    audit.entry.at = row.time(1);
    audit.entry.user = row.text(2);
    audit.entry.action = row.text(3);
    audit.entry.subject = row.text(4);
    audit.entry.detail = row.text(5);
    return row.finish(std::move(audit), "audit");
}

}  // namespace muster::store::sqlite
