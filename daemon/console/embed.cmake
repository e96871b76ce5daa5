# Writes the files below FOLDER, and their .gz, as C++: OUTPUT defines console_assets() of daemon/http/assets.hpp.
# The assembler takes the bytes from the files themselves; a compiler would take minutes over as many literals.
cmake_minimum_required(VERSION 3.25)

set(types
    html "text/html\; charset=utf-8"
    js "text/javascript\; charset=utf-8"
    css "text/css\; charset=utf-8"
    svg "image/svg+xml"
    json "application/json"
    png "image/png"
    ico "image/x-icon"
    txt "text/plain\; charset=utf-8")

function(type_of path result)
    string(REGEX MATCH "[^.]*$" extension "${path}")
    list(FIND types "${extension}" index)
    if(index LESS 0)
        message(FATAL_ERROR "no type is known for ${path}")
    endif()
    math(EXPR index "${index} + 1")
    list(GET types ${index} type)
    set(${result} "${type}" PARENT_SCOPE)
endfunction()

set(blobs "")
set(declarations "")
set(rows "")
set(number 0)
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT files)
foreach(file ${files})
    if(file MATCHES "\\.gz$")
        continue()
    endif()
    type_of(${file} type)
    file(SHA256 ${FOLDER}/${file} hash)
    string(SUBSTRING ${hash} 0 16 hash)
    set(symbol console_${number})
    string(APPEND blobs
        "    BLOB(${symbol}, \"${FOLDER}/${file}\")  // ${hash}\n"
        "    BLOB(${symbol}_gzip, \"${FOLDER}/${file}.gz\")\n")
    string(APPEND declarations
        "extern const char ${symbol}[], ${symbol}_end[], ${symbol}_gzip[], ${symbol}_gzip_end[];\n")
    string(APPEND rows "        Asset{\"/${file}\", \"${type}\", {${symbol}, ${symbol}_end}, "
        "{${symbol}_gzip, ${symbol}_gzip_end}, \"${hash}\"},\n")
    math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUTPUT} "// Written by daemon/console/embed.cmake.
#include \"daemon/http/assets.hpp\"

#include <array>

#define BLOB(name, file) \\
    \".global \" #name \"\\n.global \" #name \"_end\\n\" #name \":\\n.incbin \\\"\" file \"\\\"\\n\" #name \"_end:\\n\"

asm(\".pushsection .rodata\\n\"
${blobs}    \".popsection\\n\");

extern \"C\" {
${declarations}}

namespace muster::http {

std::span<const Asset> console_assets() {
    static const std::array assets{
${rows}    };
    return assets;
}

}  // namespace muster::http
")
