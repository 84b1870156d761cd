# SPDX-License-Identifier: Apache-2.0
# her2_room(NAME [USES room...] [LIBRARIES target...])
#
# Makes the static library her2_NAME (alias her2::NAME) of all .cpp files in her2/NAME. USES lists the rooms below
# that it may include; tests/system/rooms.py reads these very lines and holds every #include to them. A room without
# sources yet is an interface library.
function(her2_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "" "" "USES;LIBRARIES;WITHOUT")
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/her2/${name}/*.cpp")
  foreach(file IN LISTS room_WITHOUT)
    list(REMOVE_ITEM sources "${PROJECT_SOURCE_DIR}/her2/${name}/${file}")
  endforeach()
  list(TRANSFORM room_USES PREPEND "her2::")
  if(sources)
    add_library(her2_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(her2_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(her2_${name} ${scope} her2_flags ${room_USES} ${room_LIBRARIES})
  add_library(her2::${name} ALIAS her2_${name})
  set_property(GLOBAL APPEND PROPERTY HER2_ROOMS ${name})
endfunction()
