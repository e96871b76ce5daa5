#include "daemon/store/sqlite/writer.hpp"

#include "daemon/store/sqlite/codes.hpp"
#include "daemon/store/sqlite/execution_rows.hpp"
#include "daemon/store/sqlite/job_rows.hpp"
#include "daemon/store/sqlite/registry_rows.hpp"

#include <array>
#include <span>
#include <string>
#include <utility>

namespace muster::store::sqlite {

Result<Writer> Writer::prepare(Database& database) {
    Writer writer(database);
    const auto create_one = create_executions_sql(1);
    const auto create_many = create_executions_sql(kRowsAtOnce);
    const std::pair<Statement Writer::*, const char*> statements[] = {
        {&Writer::put_job_, kPutJob},
        {&Writer::raise_last_job_, "UPDATE gateway SET last_job = max(last_job, ?)"},
        {&Writer::delete_job_, "DELETE FROM jobs WHERE job = ?"},
        {&Writer::create_execution_, create_one.c_str()},
        {&Writer::create_executions_, create_many.c_str()},
        {&Writer::put_pending_execution_, kPutPendingExecution},
        {&Writer::put_execution_, kPutExecution},
        {&Writer::put_late_answer_, kPutLateAnswer},
        {&Writer::put_device_, kPutDevice},
        {&Writer::put_presence_, kPutPresence},
        {&Writer::delete_device_, "DELETE FROM devices WHERE device = ?"},
        {&Writer::put_set_, kPutSet},
        {&Writer::delete_set_, "DELETE FROM device_sets WHERE name = ?"},
        {&Writer::put_template_, kPutTemplate},
        {&Writer::add_audit_, kAddAudit},
        {&Writer::oldest_audit_, kOldestAudit},
        {&Writer::delete_audit_, "DELETE FROM audit WHERE number <= ?"},
    };
    for (const auto& [statement, sql] : statements) {
        auto prepared = database.prepare(sql);
        if (!prepared) {
            return prepared.error();
        }
        writer.*statement = std::move(*prepared);
    }
    auto deleted_jobs = DeletedJobs::prepare(database);
    if (!deleted_jobs) {
        return deleted_jobs.error();
    }
    writer.deleted_jobs_ = std::move(*deleted_jobs);
    return writer;
}

Result<void> Writer::apply(const core::Change& change) {
    return std::visit([this](const auto& one) { return write(one); }, change);
}

Result<void> Writer::write(const core::PutJob& change) {
    if (auto gone = deleted_jobs_.remove_all(change.job->id); !gone) {
        return gone;
    }
    if (auto put = put_job(put_job_, *change.job); !put) {
        return put;
    }
    raise_last_job_.bind(1, code_of(change.job->id));
    return raise_last_job_.run();
}

Result<void> Writer::write(const core::DeleteJob& change) {
    if (auto noted = deleted_jobs_.add(change.job); !noted) {
        return noted;
    }
    delete_job_.bind(1, code_of(change.job));
    return delete_job_.run();
}

Result<void> Writer::write(const core::CreateExecutions& change) {
    if (auto gone = remove_left_behind(change.job); !gone) {
        return gone;
    }
    auto next = change.devices->begin();
    return create(change.job, 0, next, change.devices->size());
}

Result<void> Writer::create(JobId job, std::uint32_t first, core::DeviceIds::Iterator& next,
                            std::size_t count) {
    std::array<std::string, kRowsAtOnce> some;
    while (count > 0) {
        const auto rows = count >= kRowsAtOnce ? kRowsAtOnce : 1;
        for (std::size_t row = 0; row < rows; ++row, ++next) {
            some[row] = *next;
        }
        auto& statement = rows == 1 ? create_execution_ : create_executions_;
        if (auto created = create_executions(statement, job, first, std::span(some).first(rows)); !created) {
            return created;
        }
        first += static_cast<std::uint32_t>(rows);
        count -= rows;
    }
    return {};
}

Result<void> Writer::write(const core::PutExecution& change) {
    if (change.execution.state == core::ExecutionState::pending) {
        auto put = put_execution(put_pending_execution_, change.execution);
        if (!put || database_->changed_rows() > 0) {
            return put;
        }
    }
    return put_execution(put_execution_, change.execution);
}

Result<void> Writer::write(const core::PutLateAnswer& change) {
    return put_late_answer(put_late_answer_, change);
}

Result<void> Writer::write(const core::PutDevice& change) {
    return put_device(put_device_, change.device);
}

Result<void> Writer::write(const core::PutPresence& change) {
    return put_presence(put_presence_, change);
}

Result<void> Writer::write(const core::DeleteDevice& change) {
    delete_device_.bind(1, change.device.text());
    return delete_device_.run();
}

Result<void> Writer::write(const core::PutSet& change) {
    return put_set(put_set_, change.set);
}

Result<void> Writer::write(const core::DeleteSet& change) {
    delete_set_.bind(1, change.name);
    return delete_set_.run();
}

Result<void> Writer::write(const core::PutTemplate& change) {
    return put_template(put_template_, change.stored);
}

Result<void> Writer::write(const core::AuditEntry& change) {
    return add_audit(add_audit_, change);
}

Result<void> Writer::write(const core::TrimAudit& change) {
    std::int64_t last = 0;
    {
        const Rewind rewind(oldest_audit_);
        oldest_audit_.bind(1, std::int64_t{core::kAuditTrimmed});
        for (;;) {
            const auto row = oldest_audit_.step();
            if (!row) {
                return row.error();
            }
            if (!*row || oldest_audit_.number(1) >= change.before.time_since_epoch().count()) {
                break;
            }
            last = oldest_audit_.number(0);
        }
    }
    if (last == 0) {
        return {};
    }
    delete_audit_.bind(1, last);
    return delete_audit_.run();
}

}  // namespace muster::store::sqlite
