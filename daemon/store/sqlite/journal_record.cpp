#include "daemon/store/sqlite/journal_record.hpp"

#include "daemon/store/sqlite/codes.hpp"
#include "daemon/store/sqlite/row.hpp"

#include <array>
#include <utility>
#include <variant>

namespace muster::store::sqlite {
namespace {

// They are on disks in the field: never another meaning for one of them.
enum class Kind : std::uint8_t { execution = 1, device_json = 2, presence = 3, device = 4, creation = 5 };

constexpr unsigned kBits = 7;
constexpr std::uint64_t kMore = 1U << kBits;

class Writer {
public:
    explicit Writer(std::string& bytes) noexcept : bytes_(bytes) {}

    void kind(Kind kind) { bytes_ += static_cast<char>(kind); }
    void number(std::uint64_t value) {
        std::array<char, (64 + kBits - 1) / kBits> bytes;
        std::size_t size = 0;
        for (; value >= kMore; value >>= kBits) {
            bytes[size++] = static_cast<char>(value | kMore);
        }
        bytes[size++] = static_cast<char>(value);
        bytes_.append(bytes.data(), size);
    }
    void time(TimePoint time) {
        const auto count = static_cast<std::int64_t>(time.time_since_epoch().count());
        number((static_cast<std::uint64_t>(count) << 1U) ^ static_cast<std::uint64_t>(count >> 63U));
    }
    void text(std::string_view text) {
        number(text.size());
        bytes_ += text;
    }
    // As they are in memory: making JSON of them took a twentieth of all instructions of an operation.
    void values(const core::Values& values) {
        text(values.empty() ? std::string_view() : values.packed().head().view());
        text(values.packed().view());
    }

    void change(const core::PutExecution& change) {
        const auto& execution = change.execution;
        kind(Kind::execution);
        number(static_cast<std::uint64_t>(execution.job));
        number(execution.ordinal);
        number(static_cast<std::uint64_t>(execution.state));
        number(static_cast<std::uint64_t>(execution.phase));
        number(static_cast<std::uint64_t>(execution.reason));
        number(execution.operation);
        number(execution.attempts);
        number(execution.progress);
        text(execution.message);
        text(execution.old_values);
        time(execution.turn_at);
        time(execution.first_sent_at);
        time(execution.last_sent_at);
        time(execution.not_before);
        time(execution.finished_at);
    }
    void change(const core::CreateExecutions& change) {
        kind(Kind::creation);
        number(static_cast<std::uint64_t>(change.job));
        text(change.devices->coded());
    }
    void change(const core::PutDevice& change) {
        const auto& device = change.device;
        kind(Kind::device);
        text(device.id.text());
        text(device.template_name);
        text(device.name);
        values(device.tags);
        values(device.properties);
        values(device.settings);
        values(device.reported);
        number(device.remembers);
        number(device.online ? 1 : 0);
        time(device.presence_since);
    }
    void change(const core::PutPresence& change) {
        kind(Kind::presence);
        text(change.device.text());
        number(change.online ? 1 : 0);
        time(change.since);
    }
    template <class Other>
    void change(const Other& /*change*/) {
        MUSTER_INVARIANT(!"is not journaled");
    }

private:
    std::string& bytes_;
};

class Reader {
public:
    explicit Reader(std::string_view bytes) noexcept : bytes_(bytes) {}

    [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }
    [[nodiscard]] bool sound() const noexcept { return sound_; }

    // Absent: no change that this version knows.
    [[nodiscard]] std::optional<core::Change> change() {
        const auto kind = static_cast<Kind>(byte());
        switch (kind) {
            case Kind::execution:
                return core::PutExecution{execution()};
            case Kind::creation:
                return creation();
            case Kind::device_json:
            case Kind::device:
                return core::PutDevice{device(kind)};
            case Kind::presence: {
                auto id = device_id();
                const bool online = number<std::uint8_t>() != 0;
                return core::PutPresence{std::move(id), online, time()};
            }
        }
        return std::nullopt;
    }

private:
    std::uint8_t byte() {
        if (bytes_.empty()) {
            sound_ = false;
            return 0;
        }
        const auto first = static_cast<std::uint8_t>(bytes_.front());
        bytes_.remove_prefix(1);
        return first;
    }
    std::uint64_t any_number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += kBits) {
            const std::uint64_t next = byte();
            value |= (next & (kMore - 1)) << shift;
            if (next < kMore) {
                return value;
            }
        }
        sound_ = false;
        return 0;
    }
    template <class Number>
    Number number() {
        const auto value = any_number();
        sound_ = sound_ && std::in_range<Number>(value);
        return static_cast<Number>(value);
    }
    template <class Enum>
    Enum code() {
        const auto value = any_number();
        sound_ = sound_ && std::cmp_less_equal(value, kLastCode<Enum>);
        return static_cast<Enum>(value);
    }
    TimePoint time() {
        const auto value = any_number();
        return TimePoint(Milliseconds(static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U))));
    }
    std::string text() {
        const auto size = any_number();
        if (size > bytes_.size()) {
            sound_ = false;
            return {};
        }
        std::string text(bytes_.substr(0, size));
        bytes_.remove_prefix(size);
        return text;
    }
    DeviceId device_id() {
        auto id = DeviceId::parse(text());
        sound_ = sound_ && id.has_value();
        return id ? std::move(*id) : DeviceId();
    }
    core::Execution execution() {
        core::Execution execution;
        execution.job = JobId{any_number()};
        execution.ordinal = number<std::uint32_t>();
        execution.state = code<core::ExecutionState>();
        execution.phase = code<core::Phase>();
        execution.reason = code<core::Reason>();
        execution.operation = number<std::uint16_t>();
        execution.attempts = number<std::uint16_t>();
        execution.progress = number<std::uint8_t>();
        execution.message = text();
        execution.old_values = text();
        execution.turn_at = time();
        execution.first_sent_at = time();
        execution.last_sent_at = time();
        execution.not_before = time();
        execution.finished_at = time();
        return execution;
    }
    core::CreateExecutions creation() {
        const JobId job{any_number()};
        auto ids = core::DeviceIds::decode(text());
        sound_ = sound_ && ids.has_value();
        return {job, std::make_shared<core::DeviceIds>(ids ? std::move(*ids) : core::DeviceIds())};
    }
    core::Values values(Kind of_device) {
        const auto first = text();
        auto values = of_device == Kind::device_json ? core::Values::read(first)
                                                     : core::Values::read_packed(first, text());
        sound_ = sound_ && values.has_value();
        return values ? std::move(*values) : core::Values();
    }
    core::Device device(Kind kind) {
        core::Device device;
        device.id = device_id();
        device.template_name = text();
        device.name = text();
        device.tags = values(kind);
        device.properties = values(kind);
        device.settings = values(kind);
        device.reported = values(kind);
        device.remembers = number<std::uint16_t>();
        device.online = number<std::uint8_t>() != 0;
        device.presence_since = time();
        return device;
    }

    std::string_view bytes_;
    bool sound_ = true;
};

}  // namespace

bool is_journaled(const core::Change& change) noexcept {
    return std::holds_alternative<core::PutExecution>(change) ||
           std::holds_alternative<core::CreateExecutions>(change) ||
           std::holds_alternative<core::PutDevice>(change) ||
           std::holds_alternative<core::PutPresence>(change);
}

void append_change(std::string& bytes, const core::Change& change) {
    Writer writer(bytes);
    std::visit([&](const auto& one) { writer.change(one); }, change);
}

Result<std::vector<core::Change>> read_changes(std::string_view bytes) {
    std::vector<core::Change> changes;
    for (Reader reader(bytes); !reader.at_end();) {
        auto change = reader.change();
        if (!change || !reader.sound()) {
            return damaged_row("journal");
        }
        changes.push_back(std::move(*change));
    }
    return changes;
}

}  // namespace muster::store::sqlite
