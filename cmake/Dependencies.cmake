# SPDX-License-Identifier: Apache-2.0
# Every library that we use, and nothing else; docs/dependencies.md says why. Imported targets are SYSTEM, so their
# headers raise no warnings of ours.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(SQLite3 3.37 REQUIRED)
find_package(LibXml2 2.9.14 REQUIRED)  # FHIR as XML

# Boost: headers only (multiprecision, math); no component, so no Boost library is linked.
find_path(HER2_BOOST_INCLUDE boost/multiprecision/cpp_int.hpp REQUIRED)
mark_as_advanced(HER2_BOOST_INCLUDE)
add_library(her2_boost INTERFACE)
target_include_directories(her2_boost SYSTEM INTERFACE "${HER2_BOOST_INCLUDE}")

# toml++: headers only, because Debian's compiled library throws where we want errors as values.
find_path(HER2_TOML_INCLUDE toml++/toml.h REQUIRED)
mark_as_advanced(HER2_TOML_INCLUDE)
add_library(her2_toml INTERFACE)
target_include_directories(her2_toml SYSTEM INTERFACE "${HER2_TOML_INCLUDE}")
target_compile_definitions(her2_toml INTERFACE TOML_HEADER_ONLY=1 TOML_EXCEPTIONS=0)

if(HER2_IMAGING)
  find_package(PkgConfig REQUIRED)
  # her2_pkg(NAME MODULE...): an interface target of pkg-config modules, its headers SYSTEM.
  function(her2_pkg name)
    pkg_check_modules(${name}_pc REQUIRED QUIET IMPORTED_TARGET ${ARGN})
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE PkgConfig::${name}_pc)
  endfunction()
  her2_pkg(her2_tiff libtiff-4)
  her2_pkg(her2_jpeg libturbojpeg libjpeg)
  her2_pkg(her2_openjpeg libopenjp2)
  her2_pkg(her2_png libpng)
  her2_pkg(her2_openslide openslide)
  her2_pkg(her2_hwy libhwy)
  her2_pkg(her2_hdf5 hdf5-serial)
  # her2_dcmtk_libraries(NAME LIBRARY...): an interface target of DCMTK's libraries.
  function(her2_dcmtk_libraries name)
    add_library(${name} INTERFACE)
    foreach(library ${ARGN})
      find_library(HER2_DCMTK_${library} ${library} REQUIRED)
      mark_as_advanced(HER2_DCMTK_${library})
      target_link_libraries(${name} INTERFACE ${HER2_DCMTK_${library}})
    endforeach()
  endfunction()
  # DICOM slides: data sets only; frames are decoded with the libraries above. DICOM objects: reports and the network too.
  her2_dcmtk_libraries(her2_dcmtk dcmdata oflog ofstd)
  her2_dcmtk_libraries(her2_dcmtk_objects cmr dcmsr dcmnet dcmdata oflog ofstd)
  find_package(CURL 7.85 REQUIRED)  # DICOM objects over HTTP
endif()

# Reports on paper: text set by Pango, drawn and written by cairo, our SVG drawings by librsvg.
if(HER2_PAPER)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(her2_paper_pc REQUIRED QUIET IMPORTED_TARGET cairo-pdf pangocairo librsvg-2.0)
  add_library(her2_cairo INTERFACE)
  target_link_libraries(her2_cairo INTERFACE PkgConfig::her2_paper_pc)
endif()

if(HER2_TESTS)
  find_package(GTest REQUIRED)
  # Tests in Python use Debian's interpreter, where Debian's python3-* packages are.
  find_program(HER2_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
  find_program(HER2_PYTHON NAMES python3)
endif()
if(HER2_BENCH)
  find_package(benchmark QUIET)
endif()
