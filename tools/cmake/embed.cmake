# imc_embed(target file header namespace function): builds the bytes of a file into a target. The header declares
# `std::string_view function() noexcept` in the namespace; this makes its definition, anew whenever the file changes.
# The same file run as a script (cmake -P) writes the source.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${INPUT}" bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  file(WRITE "${OUTPUT}" "// Made from ${NAME} by tools/cmake/embed.cmake.
#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {
const unsigned char bytes[] = {
${bytes}
0x00};
}  // namespace

std::string_view ${FUNCTION}() noexcept {
    return {reinterpret_cast<const char*>(bytes), ${size}};
}

}  // namespace ${NAMESPACE}
")
  return()
endif()

set(IMC_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(imc_embed target file header namespace function)
  set(input ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DNAME=${folder}/${file} -DHEADER=${folder}/${header}
      -DNAMESPACE=${namespace} -DFUNCTION=${function} -P ${IMC_EMBED_SCRIPT}
    DEPENDS ${input} ${IMC_EMBED_SCRIPT}
    COMMENT "Embedding ${folder}/${file}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
