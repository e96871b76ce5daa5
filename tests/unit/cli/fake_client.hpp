// A Client whose answers the test gives, and the whole program around it.
#pragma once

#include "daemon/cli/program.hpp"

#include <boost/json/parse.hpp>

#include <deque>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace muster::cli::test {

using Answer = Outcome<boost::json::value>;

[[nodiscard]] inline boost::json::value json_of(std::string_view text) {
    return boost::json::parse(text);
}

[[nodiscard]] inline Answer refused(ErrorCode code, std::string message,
                                    std::vector<ErrorDetail> details = {}) {
    return Failure{make_error(code, std::move(message), std::move(details)), ExitCode::refused};
}

// What the fake gateway knows and was asked. Shared by the client and its feed.
struct FakeGateway {
    // Answers by verb, used in order; the last one stays.
    std::map<std::string, std::deque<Answer>> answers;
    std::vector<std::pair<std::string, boost::json::object>> requests;
    std::deque<JobNews> news;
    // Called when the news have run out, so that no test watches for ever.
    std::function<void()> on_silence = [] {};

    void answer(const std::string& verb, std::string_view text) { answers[verb].emplace_back(json_of(text)); }
    void answer_with(const std::string& verb, Answer answer) { answers[verb].push_back(std::move(answer)); }

    [[nodiscard]] std::vector<boost::json::object> asked(std::string_view verb) const {
        std::vector<boost::json::object> bodies;
        for (const auto& [name, body] : requests) {
            if (name == verb) {
                bodies.push_back(body);
            }
        }
        return bodies;
    }
};

class FakeFeed final : public JobFeed {
public:
    explicit FakeFeed(FakeGateway& gateway) : gateway_(gateway) {}
    JobNews next(Milliseconds) override {
        if (gateway_.news.empty()) {
            gateway_.on_silence();
            return {};
        }
        JobNews news = std::move(gateway_.news.front());
        gateway_.news.pop_front();
        return news;
    }

private:
    FakeGateway& gateway_;
};

class FakeClient final : public Client {
public:
    explicit FakeClient(FakeGateway& gateway) : gateway_(gateway) {}
    Answer request(const std::string& verb, const boost::json::object& body, Milliseconds) override {
        gateway_.requests.emplace_back(verb, body);
        const auto found = gateway_.answers.find(verb);
        if (found == gateway_.answers.end()) {
            return connection_failure("the test gives no answer to " + verb);
        }
        Answer answer = found->second.front();
        if (found->second.size() > 1) {
            found->second.pop_front();
        }
        return answer;
    }
    Outcome<std::unique_ptr<JobFeed>> follow(JobId) override {
        return std::unique_ptr<JobFeed>(std::make_unique<FakeFeed>(gateway_));
    }

private:
    FakeGateway& gateway_;
};

struct Ran {
    ExitCode exit = ExitCode::success;
    std::string out;
    std::string remarks;
};

// The program over a fake gateway. Time stands still but for what the test adds.
struct Bench {
    FakeGateway gateway;
    std::map<std::string, std::string> environment;
    std::string input;
    bool terminal = false;
    std::size_t columns = 100;
    TimePoint now = parse_utc("2026-11-22T12:00:00.000Z").value();
    // Time that passes with each question for it, so that waits end.
    Milliseconds tick{0};
    bool interrupted = false;
    bool has_browser = true;
    std::vector<std::string> opened;
    Outcome<checkup::Facts> facts = connection_failure("the test has no facts");

    Ran run(const std::vector<std::string>& words) {
        std::istringstream in(input);
        std::ostringstream out;
        std::ostringstream remarks;
        const Surroundings surroundings{
            [this](const char* name) {
                const auto found = environment.find(name);
                return found == environment.end() ? std::nullopt : std::optional<std::string>(found->second);
            },
            in,
            out,
            remarks,
            terminal,
            terminal,
            [this] { return columns; },
            [this](const Settings&) { return std::make_unique<FakeClient>(gateway); },
            [this] { return now += tick; },
            [] {},
            [this] { return interrupted; },
            [this](const std::string& address) {
                opened.push_back(address);
                return has_browser;
            },
            [this](const Settings&) { return facts; }};
        const ExitCode exit = run_program(words, surroundings);
        return {exit, out.str(), remarks.str()};
    }
};

}  // namespace muster::cli::test
