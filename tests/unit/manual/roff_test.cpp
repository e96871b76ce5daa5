#include "systemd/manual/roff.hpp"

#include <doctest/doctest.h>

using namespace muster::manual;

namespace {

std::string body(void (*fill)(Page&)) {
    Page page({"musterd.yaml", 5, "2026-11-29", "muster 1.2.3", "a summary"});
    const auto head = page.text().size();
    fill(page);
    return page.text().substr(head);
}

}  // namespace

TEST_CASE("text is what is read, and no command of troff") {
    CHECK(plain("a-b 'c' \\n ~^`") == "a\\-b \\(aqc\\(aq \\en \\(ti\\(ha\\(ga");
    CHECK(plain("so…") == "so\\[u2026]");
    CHECK(plain("\xF0\x9F\x98\x80") == "\\[u1F600]");
    CHECK(bold("--set") == "\\fB\\-\\-set\\fR");
}

TEST_CASE("the heading has name, section, date and version, and NAME the summary") {
    const Page page({"musterd.yaml", 5, "2026-11-29", "muster 1.2.3", "a summary"});
    CHECK(page.text().find(".TH \"MUSTERD.YAML\" 5 2026-11-29 \"muster 1.2.3\"") != std::string::npos);
    CHECK(page.text().find(".SH \"NAME\"\nmusterd.yaml \\- a summary\n") != std::string::npos);
}

TEST_CASE("a sentence is a line; what looks like a request is none") {
    CHECK(body([](Page& page) { page.paragraph("One. Two words. .hidden 'quoted'"); }) ==
          ".PP\nOne.\nTwo words.\n\\&.hidden \\(aqquoted\\(aq\n");
    CHECK(body([](Page& page) {
              page.example({".TH", "a  b"});
          }) == ".PP\n.RS 4\n.EX\n\\&.TH\na  b\n.EE\n.RE\n");
}

TEST_CASE("the first paragraph of a section needs no macro") {
    CHECK(body([](Page& page) {
              page.section("FILES");
              page.paragraph("One");
              page.paragraph("Two");
          }) == ".SH \"FILES\"\nOne\n.PP\nTwo\n");
}

TEST_CASE("options and what stands between grave accents are bold") {
    CHECK(body([](Page& page) { page.paragraph("see (--all), `muster job run`."); }) ==
          ".PP\nsee (\\fB\\-\\-all\\fR), \\fBmuster job run\\fR.\n");
    CHECK(body([](Page& page) { page.paragraph("a ` alone"); }) == ".PP\na \\(ga alone\n");
}

TEST_CASE("long text is broken into lines") {
    const std::string text =
        body([](Page& page) { page.paragraph(std::string(200, 'x') + " y " + std::string(70, 'z')); });
    CHECK(text == ".PP\n" + std::string(200, 'x') + "\ny " + std::string(70, 'z') + "\n");
}
