// A query's text as a row of tokens.
//
// Threads: a lexer is used by one thread; the text must outlive it.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace muster::core {

struct QueryToken {
    enum class Kind {
        word,    // a name or keyword
        symbol,  // one of ( ) [ ] , . ! && || == != < <= > >=
        text,    // "oslo" or 'oslo'; `value` without quotes and escapes
        number,  // `value` int64, or double when it is not whole
        wrong,   // no token of the language; `problem` is the message, if there is more to say
        end,
    };

    Kind kind = Kind::end;
    std::string_view source;  // as written
    std::size_t column = 1;   // in bytes from 1
    boost::json::value value;
    std::string problem;

    [[nodiscard]] bool is(std::string_view word_or_symbol) const noexcept {
        return (kind == Kind::word || kind == Kind::symbol) && source == word_or_symbol;
    }
};

class QueryLexer {
public:
    explicit QueryLexer(std::string_view text) : text_(text) {}

    // Again and again `end` once the text is used up.
    [[nodiscard]] QueryToken next();

private:
    QueryToken word();
    QueryToken symbol();
    QueryToken number();
    QueryToken quoted_text();
    // Appends what the escape at position_ stands for; false: it is not one.
    bool escape(std::string& result);

    [[nodiscard]] char at(std::size_t position) const noexcept {
        return position < text_.size() ? text_[position] : '\0';
    }
    [[nodiscard]] QueryToken token(QueryToken::Kind kind, std::size_t begin) const;
    [[nodiscard]] QueryToken wrong(std::size_t begin, std::string problem) const;

    std::string_view text_;
    std::size_t position_ = 0;
};

}  // namespace muster::core
