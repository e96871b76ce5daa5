// What a person's terminal and the log are given, of names and messages that
// nobody vouches for.
#include "daemon/cli/text.hpp"
#include "daemon/runtime/log_line.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

namespace muster::fuzz {
namespace {

// C0, DEL, or C1 (U+0080 to U+009F, of which U+009B begins an escape sequence).
bool has_control(std::string_view text, std::string_view allowed) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if ((byte < 0x20 && allowed.find(text[i]) == std::string_view::npos) || byte == 0x7F || c1) {
            return true;
        }
    }
    return false;
}

void require_harmless(std::string_view shown, std::string_view allowed) {
    require(is_text(shown) && !has_control(shown, allowed), "nothing that a terminal obeys is shown");
}

}  // namespace

void fuzz_text(Input input) {
    const auto text = text_of(input);
    const auto line = cli::sanitize(text);
    require_harmless(line, "");
    require(cli::sanitize(line) == line, "clean text stays as it is");
    const auto lines = cli::sanitize_lines(text);
    require_harmless(lines, "\n");
    require(cli::sanitize_lines(lines) == lines, "clean lines stay as they are");
    constexpr std::size_t kColumns = 7;
    const auto shown = cli::render({{std::string(text)}, {"Failed", cli::Style::bad}}, false, kColumns);
    require_harmless(shown, "");
    require(cli::display_width(shown) <= kColumns, "a line keeps to its columns");
    const auto plain = runtime::log_line("event", {{"text", text}}, false);
    require_harmless(plain, "");
    require(plain.size() <= 6 * runtime::kLogValueBytes + 32, "a line of the log has a bound");
    const auto object =
        parse_json("{" + runtime::log_line("event", {{"text", text}}, true) + "}", limits::kRequestBytes, 1);
    require(object.has_value() || text.find('\0') != std::string_view::npos,
            "a line of the log is an object");
    if (const auto value = parse_json(text, limits::kRequestBytes, limits::kJsonDepth)) {
        const auto document = cli::escape_json_text(format_json(*value));
        require_harmless(document, "");
        const auto again = parse_json(document, 6 * limits::kRequestBytes, limits::kJsonDepth);
        require(again.has_value() && *again == *value, "an escaped document is the same document");
    }
}

}  // namespace muster::fuzz
