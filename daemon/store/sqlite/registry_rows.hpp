// The tables of templates, device sets, devices and the audit log.
//
// Threads: those of the Statement.
#pragma once

#include "daemon/core/change.hpp"
#include "daemon/store/sqlite/statement.hpp"
#include "daemon/store/store.hpp"

namespace muster::store::sqlite {

inline constexpr const char* kPutTemplate = R"sql(
    INSERT INTO templates (name, version, deleted, changed_at, document) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (name, version)
    DO UPDATE SET deleted = excluded.deleted, changed_at = excluded.changed_at, document = excluded.document
)sql";
[[nodiscard]] Result<void> put_template(Statement& statement, const core::StoredTemplate& stored);

inline constexpr const char* kAllTemplates =
    "SELECT name, version, deleted, changed_at, document FROM templates ORDER BY position";
[[nodiscard]] Result<core::StoredTemplate> read_template(const Statement& statement);

inline constexpr const char* kPutSet = R"sql(
    INSERT OR REPLACE INTO device_sets (name, title, description, template_name, query, revision, changed_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
)sql";
[[nodiscard]] Result<void> put_set(Statement& statement, const core::DeviceSet& set);

inline constexpr const char* kAllSets =
    "SELECT name, title, description, template_name, query, revision, changed_at FROM device_sets ORDER BY "
    "name";
[[nodiscard]] Result<core::DeviceSet> read_set(const Statement& statement);

inline constexpr const char* kPutDevice = R"sql(
    INSERT INTO devices
        (device, online, presence_since, remembers, template_name, name, tags, properties, settings, reported)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (device) DO UPDATE SET
        online = excluded.online, presence_since = excluded.presence_since, remembers = excluded.remembers,
        template_name = excluded.template_name, name = excluded.name, tags = excluded.tags,
        properties = excluded.properties, settings = excluded.settings, reported = excluded.reported
)sql";
[[nodiscard]] Result<void> put_device(Statement& statement, const core::Device& device);

inline constexpr const char* kPutPresence =
    "UPDATE devices SET online = ?2, presence_since = ?3 WHERE device = ?1";
[[nodiscard]] Result<void> put_presence(Statement& statement, const core::PutPresence& presence);

inline constexpr const char* kAllDevices = R"sql(
    SELECT device, online, presence_since, remembers, template_name, name, tags, properties, settings, reported
    FROM devices ORDER BY device
)sql";
[[nodiscard]] Result<core::Device> read_device(const Statement& statement);

inline constexpr const char* kAddAudit =
    "INSERT INTO audit (at, user, action, subject, detail) VALUES (?, ?, ?, ?, ?)";
[[nodiscard]] Result<void> add_audit(Statement& statement, const core::AuditEntry& entry);

// Number and time of the oldest entries but the newest of all.
inline constexpr const char* kOldestAudit =
    "SELECT number, ifnull(at, 0) FROM audit WHERE number < (SELECT max(number) FROM audit) "
    "ORDER BY number LIMIT ?";

// What read_audit expects, in this order.
inline constexpr const char* kAuditColumns = "number, at, user, action, subject, detail";
[[nodiscard]] Result<NumberedAudit> read_audit(const Statement& statement);

}  // namespace muster::store::sqlite
