# SPDX-License-Identifier: Apache-2.0
# How our code is compiled. Every target of ours links `her2_flags`; libraries of others come in as SYSTEM.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
# Assertions stay on in RelWithDebInfo: it is what the tests run. Line tables only, so that objects stay small.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(HER2_CCACHE ccache)
  mark_as_advanced(HER2_CCACHE)
  if(HER2_CCACHE)
    # Paths count from the build folder, so that one cache serves every clone and work tree.
    set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${HER2_CCACHE}")
  endif()
endif()

add_library(her2_flags INTERFACE)
target_include_directories(her2_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(her2_flags INTERFACE
  -ffp-contract=off  # the same numbers on every processor
  -Wall -Wextra -Wpedantic
  -Wconversion -Wsign-conversion -Wdouble-promotion
  -Wshadow -Wold-style-cast -Wcast-qual -Wcast-align
  -Wnon-virtual-dtor -Woverloaded-virtual -Wundef -Wformat=2 -Wimplicit-fallthrough -Wextra-semi)
if(HER2_WERROR)
  target_compile_options(her2_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(her2_flags INTERFACE -Wlogical-op -Wduplicated-cond
    -Wno-maybe-uninitialized)  # false alarms in optional rationals; clang and the sanitizers look for the real ones
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(her2_flags INTERFACE -Wno-restrict)  # false alarm in std::string (GCC bug 105651)
  endif()
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(her2_flags INTERFACE _GLIBCXX_ASSERTIONS)
endif()

set(sanitizers ${HER2_SANITIZE})
if(HER2_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "HER2_FUZZ needs clang: use `cmake --preset fuzz`.")
  endif()
  string(JOIN "," sanitizers ${HER2_SANITIZE} fuzzer-no-link)
endif()
if(sanitizers)
  target_compile_options(her2_flags INTERFACE
    -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(her2_flags INTERFACE -fsanitize=${sanitizers})
endif()
