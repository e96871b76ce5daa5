// Where commands print: lines and tables for people, one JSON document for
// programs. Results go to standard output, remarks to standard error.
//
// Threads: main thread only.
#pragma once

#include "daemon/cli/outcome.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <ostream>
#include <string_view>

namespace muster::cli {

struct OutputOptions {
    bool json = false;
    bool terminal = false;  // standard output is one: tables are cut to it, bars are drawn
    bool colour = false;
    bool remark_colour = false;  // the same for standard error
    std::function<std::size_t()> columns = [] { return std::size_t{0}; };
};

class Output {
public:
    Output(std::ostream& out, std::ostream& remarks, OutputOptions options)
        : out_(out), remarks_(remarks), options_(std::move(options)) {}

    [[nodiscard]] bool json() const noexcept { return options_.json; }
    [[nodiscard]] bool terminal() const noexcept { return options_.terminal; }
    [[nodiscard]] bool colour() const noexcept { return options_.colour; }
    // Of the terminal; 0 where there is none: nothing is cut.
    [[nodiscard]] std::size_t columns() const { return options_.terminal ? options_.columns() : 0; }

    // Nothing that is meant for people is written with --json.
    void line(const Line& line);
    void table(Table& table);
    void remark(const Line& line);

    void document(const boost::json::value& value);
    // As it is to a file or pipe; without control characters to a terminal.
    void text(std::string_view text);
    // Whether all that was written could be.
    bool flush() { return static_cast<bool>(out_.flush()); }
    // For what draws by itself, on terminals only.
    [[nodiscard]] std::ostream& stream() noexcept { return out_; }

    // What is wrong, where, and what to do; with --json also as a document.
    void failure(const Failure& failure);

private:
    std::ostream& out_;
    std::ostream& remarks_;
    OutputOptions options_;
};

}  // namespace muster::cli
