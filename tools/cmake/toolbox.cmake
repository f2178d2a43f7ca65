# Warnings, sanitizers and the few functions that the modules' CMakeLists.txt share.
add_library(imc_options INTERFACE)
if(MSVC)
  target_compile_options(imc_options INTERFACE /W4 /WX /utf-8 /permissive-)
else()
  target_compile_options(imc_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 takes Asio's own operator delete of coroutine frames for a mismatch where it inlines one half of the pair.
    target_compile_options(imc_options INTERFACE -Wno-mismatched-new-delete)
    # At -O3 it sees impossible lengths in std::string's operator+ (gcc bugzilla 105651).
    target_compile_options(imc_options INTERFACE $<$<CONFIG:Release>:-Wno-restrict>)
  endif()
endif()
target_include_directories(imc_options INTERFACE ${CMAKE_SOURCE_DIR})
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # What is no fault where several sources are one: names without linkage outside the main file, and local names that another
  # source has as well. The other presets see to both.
  target_compile_options(imc_options INTERFACE -Wno-subobject-linkage -Wno-shadow)
endif()
if(IMC_SANITIZE)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What sanitizers add makes g++ 12 see uninitialised values in moved variants where there are none.
    target_compile_options(imc_options INTERFACE -Wno-maybe-uninitialized)
  endif()
  target_compile_options(imc_options INTERFACE -fsanitize=${IMC_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(imc_options INTERFACE -fsanitize=${IMC_SANITIZE})
endif()

# imc_library(name SOURCES … PUBLIC libs… PRIVATE libs…): a static library with the project's warnings.
function(imc_library name)
  cmake_parse_arguments(A "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${A_SOURCES})
  target_link_libraries(${name} PUBLIC ${A_PUBLIC} PRIVATE imc_options ${A_PRIVATE})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
endfunction()

# imc_platform(name POSIX sources… WIN32 sources…): adds the sources of the platform that is built for.
function(imc_platform name)
  cmake_parse_arguments(A "" "" "POSIX;WIN32" ${ARGN})
  if(WIN32)
    target_sources(${name} PRIVATE ${A_WIN32})
    # The macros of Windows' headers are for those alone who include them.
    set_source_files_properties(${A_WIN32} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  else()
    target_sources(${name} PRIVATE ${A_POSIX})
  endif()
endfunction()

# imc_apart(targets…): their sources have names in common, each for itself, and are never compiled together. Other targets are
# in the presets that say so (CMAKE_UNITY_BUILD), which takes less than half the time.
function(imc_apart)
  set_target_properties(${ARGN} PROPERTIES UNITY_BUILD OFF)
endfunction()

# imc_test(name LABEL pure|io|slow|long SOURCES … LIBS …): one Catch2 executable, one CTest entry.
function(imc_test name)
  cmake_parse_arguments(A "" "LABEL;TIMEOUT" "SOURCES;LIBS" ${ARGN})
  if(NOT IMC_TESTS)
    return()
  endif()
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE imc_options catch_main ${A_LIBS})
  target_compile_definitions(${name} PRIVATE IMC_GOLDEN="${CMAKE_SOURCE_DIR}/tests/golden" IMC_SOURCE="${CMAKE_SOURCE_DIR}")
  if(NOT MSVC AND NOT A_LABEL STREQUAL "long")
    # The product under test is optimised; optimising its tests, too, takes longer than running them as they are.
    target_compile_options(${name} PRIVATE -O0 $<IF:$<BOOL:${MINGW}>,-g0,-g1>)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS ${A_LABEL} TIMEOUT ${A_TIMEOUT})
endfunction()

# imc_fuzzer(name SOURCES … LIBS …): a libFuzzer target; its corpus is tests/fuzz/corpus/<name>.
# With another compiler the same source becomes a test that replays the corpus (tests/fuzz/replay.cpp).
function(imc_fuzzer name)
  cmake_parse_arguments(A "" "" "SOURCES;LIBS" ${ARGN})
  if(IMC_FUZZ)
    add_executable(${name} ${A_SOURCES})
    target_link_libraries(${name} PRIVATE imc_options ${A_LIBS})
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  elseif(IMC_TESTS)
    add_executable(${name} ${A_SOURCES} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.cpp)
    target_link_libraries(${name} PRIVATE imc_options ${A_LIBS})
    add_test(NAME ${name} COMMAND ${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
    set_tests_properties(${name} PROPERTIES LABELS pure TIMEOUT 120)
  endif()
endfunction()
