#include "protocol/ids.hpp"

#include "protocol/limits.hpp"

#include <fmt/format.h>
#include <sodium/crypto_shorthash.h>
#include <sodium/utils.h>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstring>

namespace muster {
namespace {

static_assert(OperationKey::kBytes == crypto_shorthash_KEYBYTES);

constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_base64url(char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_';
}

// Place of the first character outside the grammar of SPEC 2.1; the size if none.
std::size_t first_wrong(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!is_letter(c) && !is_digit(c) && (i == 0 || (c != '_' && c != '-'))) {
            return i;
        }
    }
    return text.size();
}

std::string show(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F ? fmt::format("'{}'", c) : fmt::format("byte 0x{:02X}", byte);
}

// Digits alone, no leading zero, within the type.
template <std::unsigned_integral Number>
bool read_number(std::string_view text, Number& number) {
    if (text.empty() || !is_digit(text.front()) || (text.front() == '0' && text.size() > 1)) {
        return false;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

// Splits `text` at the first `separator`: returns what is before, keeps what is after.
std::string_view take_until(std::string_view& text, char separator) {
    const std::size_t at = std::min(text.find(separator), text.size());
    const std::string_view head = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return head;
}

// Most significant byte first.
template <std::unsigned_integral Number>
unsigned char* put(unsigned char* out, Number number) {
    for (std::size_t i = sizeof number; i-- > 0;) {
        *out++ = static_cast<unsigned char>(number >> (8 * i));
    }
    return out;
}

}  // namespace

Result<DeviceId> DeviceId::parse(std::string_view text) {
    if (text.empty()) {
        return make_error(ErrorCode::invalid, "a device id is empty");
    }
    if (text.size() > limits::kDeviceIdLength) {
        return make_error(ErrorCode::invalid,
                          fmt::format("a device id of {} characters; at most {} are allowed", text.size(),
                                      limits::kDeviceIdLength));
    }
    if (const std::size_t wrong = first_wrong(text); wrong < text.size()) {
        return make_error(ErrorCode::invalid,
                          fmt::format("a device id with {} at position {}; letters and digits are allowed, "
                                      "and after the first also '_' and '-'",
                                      show(text[wrong]), wrong + 1));
    }
    return DeviceId(std::string(text));
}

bool is_plain_name(std::string_view text, std::size_t length) noexcept {
    return !text.empty() && text.size() <= length && first_wrong(text) == text.size();
}

bool is_field_name(std::string_view text) noexcept {
    const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
    return !text.empty() && text.size() <= limits::kNameLength && !is_digit(text.front()) &&
           std::all_of(text.begin(), text.end(), allowed);
}

std::string to_string(JobId job) {
    return fmt::format("{}", static_cast<std::uint64_t>(job));
}

Result<JobId> parse_job_id(std::string_view text) {
    std::uint64_t number = 0;
    if (!read_number(text, number) || number == 0) {
        return make_error(ErrorCode::invalid, "not a job number: a whole number from 1");
    }
    return JobId{number};
}

std::string to_string(const OperationId& id) {
    std::string text;
    text.reserve(limits::kOperationIdLength);
    const auto put_number = [&text](auto number, char separator) {
        const fmt::format_int digits(number);
        text.append(digits.data(), digits.size()).append(1, separator);
    };
    put_number(static_cast<std::uint64_t>(id.job), '.');
    put_number(id.execution, '.');
    put_number(id.operation, '-');
    return text.append(id.tag.data(), id.tag.size());
}

Result<OperationId> parse_operation_id(std::string_view text) {
    OperationId id;
    std::uint64_t job = 0;
    const bool numbers = read_number(take_until(text, '.'), job) && job != 0 &&
                         read_number(take_until(text, '.'), id.execution) &&
                         read_number(take_until(text, '-'), id.operation);
    if (!numbers || text.size() != id.tag.size() || !std::all_of(text.begin(), text.end(), is_base64url)) {
        return make_error(ErrorCode::invalid, "not an operation id");
    }
    id.job = JobId{job};
    std::copy(text.begin(), text.end(), id.tag.begin());
    return id;
}

OperationId OperationKey::make(std::string_view device, JobId job, std::uint32_t execution,
                               std::uint16_t operation, std::uint16_t ask,
                               std::uint64_t epoch) const noexcept {
    MUSTER_INVARIANT(device.size() <= limits::kDeviceIdLength);
    // The numbers have a fixed width and come first: no two inputs read alike.
    // What may follow the device begins with a byte that no device id has, and is
    // of a length of its own.
    std::array<unsigned char, 8 + 4 + 2 + limits::kDeviceIdLength + 1 + 2 + 1 + 8> input;
    unsigned char* end = input.data();
    end = put(end, static_cast<std::uint64_t>(job));
    end = put(end, execution);
    end = put(end, operation);
    end = std::copy(device.begin(), device.end(), end);
    if (ask > 0) {
        *end++ = 0;
        end = put(end, ask);
    }
    if (epoch > 0) {
        *end++ = 1;
        end = put(end, epoch);
    }

    std::array<unsigned char, crypto_shorthash_BYTES> hash;
    crypto_shorthash(hash.data(), input.data(), static_cast<unsigned long long>(end - input.data()),
                     bytes_.data());
    OperationId id{job, execution, operation, {}};
    std::array<char, 9> tag;  // with the NUL that sodium writes
    sodium_bin2base64(tag.data(), tag.size(), hash.data(), 6, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    std::memcpy(id.tag.data(), tag.data(), id.tag.size());
    return id;
}

bool OperationKey::verify(std::string_view device, const OperationId& id, std::uint16_t ask,
                          std::uint64_t epoch) const noexcept {
    if (device.size() > limits::kDeviceIdLength) {
        return false;
    }
    const OperationId expected = make(device, id.job, id.execution, id.operation, ask, epoch);
    return sodium_memcmp(expected.tag.data(), id.tag.data(), id.tag.size()) == 0;
}

}  // namespace muster
