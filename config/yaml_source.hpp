// The text of a YAML file as the stream that the parser takes it from. Part of
// the reader in yaml.cpp; nobody else includes it.
//
// Threads: one reader's own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <streambuf>
#include <string>
#include <string_view>

namespace muster::config {

// Hands the text to the parser, and stops it when it takes over `most` bytes
// without an event for them: it holds all that it has read of a [list] or
// {mapping} in memory, some 200 bytes for each bracket, until that ends.
class Source final : public std::streambuf {
public:
    struct Exhausted : std::exception {};

    Source(std::string_view text, std::size_t most) : text_(text), most_(most) {}

    void on_event() { since_event_ = 0; }

protected:
    int_type underflow() override {
        constexpr std::size_t kPieceBytes = 1024;
        const std::size_t size = std::min(kPieceBytes, text_.size() - taken_);
        if (size == 0) {
            // The last piece stays: the parser puts back what it looked at first.
            return traits_type::eof();
        }
        since_event_ += size;
        if (since_event_ > most_ + kPieceBytes) {
            throw Exhausted();
        }
        char* piece = text_.data() + taken_;
        setg(piece, piece, piece + size);
        taken_ += size;
        return traits_type::to_int_type(*piece);
    }

private:
    std::string text_;
    std::size_t most_;
    std::size_t taken_ = 0;
    std::size_t since_event_ = 0;
};

}  // namespace muster::config
