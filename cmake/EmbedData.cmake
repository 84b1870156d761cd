# SPDX-License-Identifier: Apache-2.0
# her2_embed(target folder...)
#
# Puts every file of the folders (relative to the project) into `target`, behind her2/core/embedded.h. Included, this
# file defines the function; run with `cmake -P`, it writes the source file, so that no tool but CMake is needed.

if(CMAKE_SCRIPT_MODE_FILE)
  # -DSOURCE=dir  -DLIST=file with one relative path a line  -DOUTPUT=file.cpp
  file(STRINGS "${LIST}" paths)
  set(table "")
  foreach(path IN LISTS paths)
    file(READ "${SOURCE}/${path}" bytes HEX)
    file(SIZE "${SOURCE}/${path}" length)
    # Every byte as hex digits, so that any encoding passes; a literal a line.
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
    string(REPLACE "\\x0a" "\\x0a\"\n     \"" bytes "${bytes}")
    string(APPEND table "    {\"${path}\",\n     {\"${bytes}\", ${length}}},\n")
  endforeach()
  file(WRITE "${OUTPUT}" "// Written by cmake/EmbedData.cmake.
#include \"her2/core/embedded.h\"

namespace her2::detail {
namespace {
constexpr EmbeddedFile kFiles[] = {
${table}    {\"\", {}},  // so that the table is never empty
};
}  // namespace

std::span<const EmbeddedFile> embedded_files() { return {kFiles, std::size(kFiles) - 1}; }
}  // namespace her2::detail
")
  return()
endif()

function(her2_embed target)
  set(paths "")
  foreach(folder IN LISTS ARGN)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/${folder}/*")
    list(APPEND paths ${files})
  endforeach()
  list(FILTER paths EXCLUDE REGEX "(^|/)\\.|~$")  # editors' files
  list(SORT paths)

  set(list "${CMAKE_CURRENT_BINARY_DIR}/${target}_files.txt")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${target}_data.cpp")
  list(JOIN paths "\n" lines)
  file(CONFIGURE OUTPUT "${list}" CONTENT "${lines}\n" @ONLY)
  list(TRANSFORM paths PREPEND "${PROJECT_SOURCE_DIR}/" OUTPUT_VARIABLE absolute)
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${PROJECT_SOURCE_DIR}" "-DLIST=${list}" "-DOUTPUT=${output}"
            -P "${CMAKE_CURRENT_FUNCTION_LIST_FILE}"
    DEPENDS "${list}" "${CMAKE_CURRENT_FUNCTION_LIST_FILE}" ${absolute}
    COMMENT "Embedding data files"
    VERBATIM)
  set_source_files_properties("${output}" PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  target_sources(${target} PRIVATE "${output}")
endfunction()
