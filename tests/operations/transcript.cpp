#include "tests/operations/transcript.hpp"

#include "tests/support/files.hpp"
#include "tests/support/gateway.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <sstream>

namespace muster::test {
namespace {

namespace files = std::filesystem;

const std::string kAny = "…";

// Asks the test, which sees the question as soon as it has its name.
constexpr const char* kStandIn = R"(#!/bin/sh
cd DIRECTORY
echo "$(basename "$0") $*" >question.new
mv question.new question
turns=0
until [ -e answer ] || [ $turns -gt 6000 ]; do
    sleep 0.02
    turns=$((turns + 1))
done
cat answer
status=$(cat status)
rm answer
exit "$status"
)";

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

std::string trimmed(const std::string& line) {
    return line.substr(0, line.find_last_not_of(' ') + 1);
}

bool fits(std::string_view wanted, std::string_view printed) {
    const auto any = wanted.find(kAny);
    if (any == std::string_view::npos) {
        return wanted == printed;
    }
    if (!printed.starts_with(wanted.substr(0, any))) {
        return false;
    }
    wanted.remove_prefix(any + kAny.size());
    printed.remove_prefix(any);
    for (std::size_t skipped = 0; skipped <= printed.size(); ++skipped) {
        if (fits(wanted, printed.substr(skipped))) {
            return true;
        }
    }
    return false;
}

using Lines = std::vector<std::string>;

bool fit(Lines::const_iterator wanted, Lines::const_iterator wanted_end, Lines::const_iterator printed,
         Lines::const_iterator printed_end) {
    if (wanted == wanted_end) {
        return printed == printed_end;
    }
    if (*wanted == kAny) {
        for (auto at = printed;; ++at) {
            if (fit(wanted + 1, wanted_end, at, printed_end)) {
                return true;
            }
            if (at == printed_end) {
                return false;
            }
        }
    }
    return printed != printed_end && fits(*wanted, trimmed(*printed)) &&
           fit(wanted + 1, wanted_end, printed + 1, printed_end);
}

// May be asked again: it changes nothing.
bool only_looks(const std::string& command) {
    static const std::regex looks(
        R"((muster (status|doctor|(job|device|set) (show|list|devices))|journalctl -u|curl|cat|ls|grep|tail)\b.*)");
    return std::regex_match(command, looks);
}

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream stream(line);
    return {std::istream_iterator<std::string>(stream), {}};
}

}  // namespace

std::vector<Step> steps_of(const FencedBlock& block) {
    std::vector<Step> steps;
    auto number = block.line;
    bool goes_on = false;
    for (const auto& line : lines_of(block.text)) {
        ++number;
        if (goes_on) {
            steps.back().command += "\n" + line;
        } else if (line.starts_with("$ ")) {
            steps.push_back({line.substr(2), {}, number});
        } else if (!steps.empty()) {
            steps.back().output.push_back(trimmed(line));
            continue;
        }
        goes_on = line.ends_with("\\");
    }
    return steps;
}

bool prints(const std::vector<std::string>& wanted, const std::vector<std::string>& printed) {
    return fit(wanted.begin(), wanted.end(), printed.begin(), printed.end());
}

Desk::Desk(std::string page, Options options)
    : page_name_(std::move(page)),
      page_(read_markdown(read_file(files::path(MUSTER_SOURCE_DIRECTORY) / page_name_))),
      options_(std::move(options)) {
    std::string script = kStandIn;
    replace_all(script, "DIRECTORY", files_.path().string());
    files::create_directory(files_ / "bin");
    for (const auto* name : {"systemctl", "journalctl"}) {
        write_file(files_ / "bin" / name, script);
        files::permissions(files_ / "bin" / name, files::perms(0755));
    }
    std::string environment =
        "export PATH='" + (files_ / "bin").string() + ":" + program("") + "':/usr/sbin:\"$PATH\"\n";
    for (const auto& [name, value] : options_.environment) {
        environment += "export " + name + "='" + value + "'\n";
    }
    write_file(files_ / "environment", environment);
}

void Desk::follow(const std::string& heading, const std::string& part) {
    REQUIRE_MESSAGE(std::ranges::find(page_.headings, heading) != page_.headings.end(),
                    page_name_ << " has no heading " << heading);
    for (const auto& block : page_.blocks) {
        if (block.heading != heading || !block.kind.starts_with("console") ||
            block.text.find(part) == std::string::npos) {
            continue;
        }
        const auto words = words_of(block.kind);
        const auto missing = std::ranges::find_if(
            words.begin() + 1, words.end(), [&](const auto& word) { return !options_.has.contains(word); });
        if (missing != words.end()) {
            MESSAGE(page_name_ << ":" << block.line << " was not run: there is no " << *missing << " here");
            continue;
        }
        for (const auto& step : steps_of(block)) {
            take(step);
        }
    }
}

void Desk::take(const Step& step) {
    CAPTURE(page_name_ + ":" + std::to_string(step.line));
    CAPTURE(step.command);
    if (step.command.ends_with(" &")) {
        const auto command = here(step.command.substr(0, step.command.size() - 2));
        kept_.emplace_back(
            std::vector<std::string>{"sh", "-c",
                                     ". " + (files_ / "environment").string() + "\nexec " + command},
            files_ / ("kept-" + std::to_string(kept_.size())));
        return;
    }
    Finished last;
    const auto done = [&] {
        last = run_once(step.command);
        return step.output.empty() ? last.exit_code == 0
                                   : prints(step.output, lines_of(as_on_page(last.output)));
    };
    const bool good = only_looks(step.command) ? eventually(done) : done();
    CHECK_MESSAGE(good, "it printed, and exited with " << last.exit_code << ":\n" << as_on_page(last.output));
}

// The environment of one command is that of the next.
Finished Desk::run_once(const std::string& command) {
    const auto environment = (files_ / "environment").string();
    const auto script = ". " + environment + "\ncd " + files_.path().string() + "\n" + here(command) +
                        "\nstatus=$?\nexport -p >" + environment + "\nexit $status\n";
    Process shell({"sh", "-c", script}, files_ / "printed");
    const bool ended = eventually([&] {
        serve();
        return !shell.running();
    });
    REQUIRE_MESSAGE(ended, "it did not end: " << command << "\n" << shell.output());
    return {*shell.wait(), shell.output(), {}};
}

void Desk::serve() {
    const auto question = files_ / "question";
    if (!files::exists(question)) {
        return;
    }
    const auto words = words_of(read_file(question));
    files::remove(question);
    std::string answer;
    std::string status = "0";
    try {
        answer = options_.services(words);
    } catch (const std::exception& failure) {
        answer = std::string(failure.what()) + "\n";
        status = "1";
    }
    write_file(files_ / "status", status);
    write_file(files_ / "answer.new", answer);
    files::rename(files_ / "answer.new", files_ / "answer");
}

std::string Desk::here(std::string text) const {
    for (const auto& [page, meant] : options_.meant) {
        replace_all(text, page, meant);
    }
    return text;
}

std::string Desk::as_on_page(std::string text) const {
    for (const auto& [page, meant] : options_.meant) {
        replace_all(text, meant, page);
    }
    return text;
}

}  // namespace muster::test
