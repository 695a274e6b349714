# igrot_room(NAME SOURCES ... USES ... [PRIVATE ...])
#
# One room of the house: the static library igrot_NAME. USES names what its
# headers need (rooms and packages), PRIVATE what only its sources need.
function(igrot_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;PRIVATE" ${ARGN})
  add_library(igrot_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(igrot_${name} PUBLIC
    ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(igrot_${name}
    PUBLIC ${ROOM_USES} PRIVATE ${ROOM_PRIVATE})
endfunction()

# igrot_test(ROOM SOURCES ... [USES ...] [ENVIRONMENT NAME=VALUE ...])
#
# The tests of one room: the program ROOM_test, labelled ROOM. They find the
# copies of the reference's outputs through IGROT_TEST_GOLDEN.
function(igrot_test room)
  cmake_parse_arguments(TEST "" "" "SOURCES;USES;ENVIRONMENT" ${ARGN})
  add_executable(${room}_test ${TEST_SOURCES})
  target_include_directories(${room}_test PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${room}_test PRIVATE ${TEST_USES} GTest::gmock_main)
  target_compile_definitions(${room}_test PRIVATE
    IGROT_TEST_GOLDEN="${PROJECT_SOURCE_DIR}/tests/golden"
    IGROT_TEST_PROGRAM="$<TARGET_FILE:igrot>")
  gtest_discover_tests(${room}_test
    PROPERTIES LABELS ${room} ENVIRONMENT "${TEST_ENVIRONMENT}"
    DISCOVERY_TIMEOUT 60)
endfunction()
