#include "tests/layering/requirements.hpp"

#include <algorithm>
#include <map>
#include <regex>

namespace muster::layering {
namespace {

const SourceFile* find_file(const Tree& tree, std::string_view path) {
    const auto found = std::ranges::find(tree, path, &SourceFile::path);
    return found == tree.end() ? nullptr : &*found;
}

std::vector<std::string> ids_in(const std::string& text) {
    static const std::regex id(R"(\b[AB]\d\d\b)");
    std::vector<std::string> ids;
    for (std::sregex_iterator at(text.begin(), text.end(), id), end; at != end; ++at) {
        if (std::ranges::find(ids, at->str()) == ids.end()) {
            ids.push_back(at->str());
        }
    }
    return ids;
}

void add_proof(std::vector<Proof>& proofs, const SourceFile& file, std::size_t line, std::string name) {
    if (auto ids = ids_in(name); !ids.empty()) {
        proofs.push_back({file.path, line, std::move(name), std::move(ids)});
    }
}

// The name may stand on the line after TEST_CASE( and be cut into several
// literals; it ends where the body begins.
void find_test_cases(std::vector<Proof>& proofs, const SourceFile& file) {
    static const std::regex test_case(R"(^\s*TEST_CASE\w*\()");
    for (std::size_t index = 0; index < file.code.size(); ++index) {
        if (!std::regex_search(file.code[index], test_case)) {
            continue;
        }
        auto last = index;
        while (last + 1 < file.code.size() && !file.code[last].ends_with('{')) {
            ++last;
        }
        std::string name;
        for (const auto& literal : file.literals) {
            if (literal.line > index && literal.line <= last + 1) {
                name += literal.text;
            }
        }
        add_proof(proofs, file, index + 1, std::move(name));
    }
}

// Browser tests: test('A03: …', … on one line.
void find_browser_tests(std::vector<Proof>& proofs, const SourceFile& file) {
    static const std::regex test(R"(^\s*test\((['"`])(.*?)\1,)");
    for (std::size_t index = 0; index < file.lines.size(); ++index) {
        std::smatch match;
        if (std::regex_search(file.lines[index], match, test)) {
            add_proof(proofs, file, index + 1, match[2].str());
        }
    }
}

std::string leading_comment(const SourceFile& file) {
    static const std::regex comment(R"(^\s*(#!.*|#+|//+|/\*+|\*)\s*(.*)$)");
    std::string text;
    for (const auto& line : file.lines) {
        std::smatch match;
        if (!std::regex_match(line, match, comment)) {
            break;
        }
        text += (text.empty() ? "" : " ") + match[2].str();
    }
    return text;
}

std::string first_sentence(const std::string& text) {
    return text.substr(0, text.find(". "));
}

bool is_in_browser(const Proof& proof) {
    return proof.path.starts_with("tests/browser/");
}

std::vector<Proof> proofs_of(const std::vector<Proof>& proofs, const std::string& id) {
    std::vector<Proof> found;
    std::ranges::copy_if(proofs, std::back_inserter(found), [&](const Proof& proof) {
        return std::ranges::find(proof.ids, id) != proof.ids.end();
    });
    return found;
}

void check_one(Findings& findings, const Requirement& requirement, const std::vector<Proof>& proofs) {
    const auto found = proofs_of(proofs, requirement.id);
    const bool proven = requirement.in_console ? std::ranges::any_of(found, is_in_browser) : !found.empty();
    if (!proven && requirement.open.empty()) {
        findings.push_back({std::string(kRequirementsPath), requirement.line,
                            requirement.id + " is named by no test" +
                                (requirement.in_console ? " in a browser" : "") + ", and is not open"});
    }
    if (proven && !requirement.open.empty()) {
        findings.push_back({std::string(kRequirementsPath), requirement.line + 1,
                            requirement.id + " is proven: it is no longer open"});
    }
}

}  // namespace

std::vector<Requirement> read_requirements(const Tree& tree) {
    static const std::regex requirement(R"(^([AB]\d\d) (\(UI\) )?(.*)$)");
    static const std::regex open(R"(^ +open: (.*)$)");
    std::vector<Requirement> found;
    const auto* file = find_file(tree, kRequirementsPath);
    for (std::size_t index = 0; file != nullptr && index < file->lines.size(); ++index) {
        std::smatch match;
        if (std::regex_match(file->lines[index], match, requirement)) {
            found.push_back({match[1].str(), index + 1, match[3].str(), match[2].matched, {}});
        } else if (std::regex_match(file->lines[index], match, open) && !found.empty()) {
            found.back().open = match[1].str();
        }
    }
    return found;
}

std::vector<Proof> find_proofs(const Tree& tree) {
    std::vector<Proof> proofs;
    for (const auto& file : tree) {
        // The checks' own tests are full of made-up ids.
        if (!file.is_below("tests/") || file.is_below("tests/layering/") || file.path == kRequirementsPage ||
            file.path == kRequirementsPath) {
            continue;
        }
        if (file.is_cpp()) {
            find_test_cases(proofs, file);
        } else if (file.is_below("tests/browser/")) {
            find_browser_tests(proofs, file);
        } else if (const auto comment = leading_comment(file); !comment.empty()) {
            add_proof(proofs, file, 1, comment);
        }
    }
    return proofs;
}

std::string requirements_page(const Tree& tree) {
    std::string page =
        "# What the product must do, and what proves it\n\n"
        "Written by `./dev requirements` from `tests/requirements.txt` and the names of the tests; do not "
        "edit.\n"
        "(UI) lines hold in the web console, in a real browser.\n";
    const auto proofs = find_proofs(tree);
    for (const auto& requirement : read_requirements(tree)) {
        page += "\n**" + requirement.id + "** " + (requirement.in_console ? "(UI) " : "") + requirement.text +
                "\n";
        for (const auto& proof : proofs_of(proofs, requirement.id)) {
            page += "- `" + proof.path + "`: " + first_sentence(proof.name) + "\n";
        }
        if (!requirement.open.empty()) {
            page += "- *open:* " + requirement.open + "\n";
        }
    }
    return page;
}

Findings check_requirements(const Tree& tree) {
    Findings findings;
    const auto requirements = read_requirements(tree);
    const auto proofs = find_proofs(tree);
    for (const auto& requirement : requirements) {
        check_one(findings, requirement, proofs);
    }
    for (const auto& proof : proofs) {
        for (const auto& id : proof.ids) {
            if (std::ranges::find(requirements, id, &Requirement::id) == requirements.end()) {
                findings.push_back(
                    {proof.path, proof.line, id + " stands in no line of tests/requirements.txt"});
            }
        }
    }
    const auto* page = find_file(tree, kRequirementsPage);
    if (page == nullptr || page->lines != make_file("", requirements_page(tree)).lines) {
        findings.push_back({std::string(kRequirementsPage), 1, "is not up to date: run ./dev requirements"});
    }
    return findings;
}

}  // namespace muster::layering
