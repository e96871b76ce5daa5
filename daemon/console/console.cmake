# The console becomes part of musterd: npm builds it in the build tree, embed.cmake writes its files as C++.
# Sets console_source. MUSTER_CONSOLE in daemon/http/CMakeLists.txt decides whether this is done at all.
find_program(NPM npm)
if(NOT NPM)
    message(FATAL_ERROR "npm is needed to build the web console: install nodejs and npm, "
        "or configure with -DMUSTER_CONSOLE=OFF for a musterd without it")
endif()

set(console_build ${CMAKE_BINARY_DIR}/console)
set(console_source ${console_build}/console_assets.cpp)
file(GLOB_RECURSE console_inputs CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_LIST_DIR}/src/* ${CMAKE_CURRENT_LIST_DIR}/public/*)
add_custom_command(
    OUTPUT ${console_source}
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/build.sh ${CMAKE_CURRENT_LIST_DIR} ${console_build}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${console_build}/dist -DOUTPUT=${console_source}
        -P ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
    DEPENDS
        ${console_inputs}
        ${CMAKE_CURRENT_LIST_DIR}/build.sh
        ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
        ${CMAKE_CURRENT_LIST_DIR}/index.html
        ${CMAKE_CURRENT_LIST_DIR}/package.json
        ${CMAKE_CURRENT_LIST_DIR}/package-lock.json
        ${CMAKE_CURRENT_LIST_DIR}/tsconfig.json
        ${CMAKE_CURRENT_LIST_DIR}/vite.config.ts
    COMMENT "Building the web console"
    VERBATIM)
