// muster-manual FOLDER DATE: writes the manual pages and completions of the three programs into
// FOLDER/man, FOLDER/bash and FOLDER/zsh.
#include "systemd/manual/completions.hpp"
#include "systemd/manual/pages.hpp"
#include "systemd/manual/programs.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace {

using namespace muster::manual;

void write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    if (!(file << text).flush()) {
        throw std::runtime_error(path.string() + " cannot be written");
    }
}

void write_completions(const std::filesystem::path& folder, const Program& program) {
    write(folder / "bash" / program.name, bash_completion(program));
    write(folder / "zsh" / ("_" + program.name), zsh_completion(program));
}

void write_all(const std::filesystem::path& folder, const Edition& edition) {
    const Program client = describe_client();
    const Program daemon = describe_daemon();
    const Program simulator = describe_simulator();
    for (const Program* program : {&client, &daemon, &simulator}) {
        write_completions(folder, *program);
    }
    write(folder / "man" / "muster.1", client_page(client, edition));
    write(folder / "man" / "muster-sim.1", simulator_page(simulator, edition));
    write(folder / "man" / "musterd.8", daemon_page(daemon, edition));
    write(folder / "man" / "musterd.yaml.5", configuration_page(edition));
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) {
        std::fputs("usage: muster-manual FOLDER DATE\n", stderr);
        return 1;
    }
    try {
        write_all(words[1], {MUSTER_VERSION, words[2]});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "muster-manual: %s\n", error.what());
        return 1;
    }
    return 0;
}
