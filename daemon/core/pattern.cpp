#include "daemon/core/pattern.hpp"

#include "daemon/core/pattern_tree.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

namespace muster::core {

// Steps of a Thompson automaton. All threads of it advance together, so each
// step is looked at once per character.
struct Pattern::Program {
    enum class Kind : std::uint8_t { character, text_start, text_end, split, accept };
    struct Step {
        Kind kind;
        CharacterClass characters;
        std::size_t next = 0;
        std::size_t other = 0;  // split
    };

    std::vector<Step> steps;
};

namespace {

using Program = Pattern::Program;
using Kind = Program::Kind;

class Compiler {
public:
    // False: more than kMostSteps.
    bool compile(const PatternNode& tree) {
        emit(tree);
        step(Kind::accept);
        return program_.steps.size() <= Pattern::kMostSteps;
    }
    Program take() { return std::move(program_); }

private:
    void emit(const PatternNode& node);
    void choice(const std::vector<PatternNode>& children);
    void repeat(const PatternNode& node);

    // Every step goes on to the one after it unless it is changed later.
    std::size_t step(Kind kind) {
        const std::size_t index = size();
        program_.steps.push_back({kind, {}, index + 1, index + 1});
        return index;
    }
    [[nodiscard]] std::size_t size() const { return program_.steps.size(); }
    [[nodiscard]] bool full() const { return size() > Pattern::kMostSteps; }

    Program program_;
};

void Compiler::emit(const PatternNode& node) {
    if (full()) {
        return;
    }
    switch (node.kind) {
        case PatternNode::Kind::character:
            program_.steps[step(Kind::character)].characters = node.characters;
            return;
        case PatternNode::Kind::text_start:
            step(Kind::text_start);
            return;
        case PatternNode::Kind::text_end:
            step(Kind::text_end);
            return;
        case PatternNode::Kind::sequence:
            for (const PatternNode& child : node.children) {
                emit(child);
            }
            return;
        case PatternNode::Kind::choice:
            return choice(node.children);
        case PatternNode::Kind::repeat:
            return repeat(node);
    }
}

void Compiler::choice(const std::vector<PatternNode>& children) {
    std::vector<std::size_t> ends;
    for (std::size_t index = 0; index + 1 < children.size(); ++index) {
        const std::size_t split = step(Kind::split);
        emit(children[index]);
        ends.push_back(step(Kind::split));
        program_.steps[split].other = size();
    }
    emit(children.back());
    for (const std::size_t end : ends) {
        program_.steps[end].next = program_.steps[end].other = size();
    }
}

void Compiler::repeat(const PatternNode& node) {
    const PatternNode& operand = node.children.front();
    for (std::size_t count = 0; count < node.least && !full(); ++count) {
        const std::size_t before = size();
        emit(operand);
        if (size() == before) {
            return;  // matches only the empty string, however often
        }
    }
    if (!node.most) {
        const std::size_t split = step(Kind::split);
        emit(operand);
        program_.steps[step(Kind::split)].next = split;
        program_.steps[split].other = size();
        return;
    }
    std::vector<std::size_t> splits;
    for (std::size_t count = node.least; count < *node.most && !full(); ++count) {
        splits.push_back(step(Kind::split));
        emit(operand);
    }
    for (const std::size_t split : splits) {
        program_.steps[split].other = size();
    }
}

class Matcher {
public:
    Matcher(const Program& program, const std::u32string& text)
        : program_(program), text_(text), seen_at_(program.steps.size(), 0) {}

    bool found() {
        for (std::size_t position = 0; position <= text_.size(); ++position) {
            follow(0, position);  // a match may begin anywhere
            if (accepted_) {
                return true;
            }
            if (position < text_.size()) {
                advance(position);
            }
        }
        return accepted_;
    }

private:
    // Moves every thread over the character at `position`.
    void advance(std::size_t position) {
        std::vector<std::size_t> before;
        before.swap(threads_);
        for (const std::size_t index : before) {
            const Program::Step& step = program_.steps[index];
            if (step.characters.holds(text_[position])) {
                follow(step.next, position + 1);
            }
        }
    }

    // Adds the threads that stand before a character once every step that
    // takes none is followed, from `start`.
    void follow(std::size_t start, std::size_t position) {
        todo_.push_back(start);
        while (!todo_.empty()) {
            const std::size_t index = todo_.back();
            todo_.pop_back();
            if (seen_at_[index] == position + 1) {
                continue;
            }
            seen_at_[index] = position + 1;
            const Program::Step& step = program_.steps[index];
            switch (step.kind) {
                case Kind::character:
                    threads_.push_back(index);
                    break;
                case Kind::text_start:
                    if (position == 0) {
                        todo_.push_back(step.next);
                    }
                    break;
                case Kind::text_end:
                    if (position == text_.size()) {
                        todo_.push_back(step.next);
                    }
                    break;
                case Kind::split:
                    todo_.push_back(step.other);
                    todo_.push_back(step.next);
                    break;
                case Kind::accept:
                    accepted_ = true;
                    break;
            }
        }
    }

    const Program& program_;
    const std::u32string& text_;
    std::vector<std::size_t> seen_at_;  // position + 1 where the step was followed last
    std::vector<std::size_t> threads_;
    std::vector<std::size_t> todo_;
    bool accepted_ = false;
};

}  // namespace

Result<Pattern> Pattern::compile(std::string_view text) {
    if (text.size() > kMostBytes) {
        return invalid("", fmt::format("is not a pattern: longer than {} bytes", kMostBytes));
    }
    const auto tree = parse_pattern(text);
    if (tree.has_error()) {
        return tree.error();
    }
    Compiler compiler;
    if (!compiler.compile(tree.value())) {
        return invalid("", "is not a pattern that can be used: its repeats multiply to too many");
    }
    return Pattern(std::make_shared<const Program>(compiler.take()));
}

bool Pattern::found_in(std::string_view text) const {
    return Matcher(*program_, code_points(text)).found();
}

}  // namespace muster::core
