# imc_embed_folder(target folder header namespace type function): builds the bytes of all files of a folder (not of folders
# below it) into a target. The header declares `std::span<const type> function() noexcept` in the namespace, where `type` is an
# aggregate of two std::string_view, name and bytes; this makes its definition, anew whenever a file comes, goes or changes.
# The same file run as a script (cmake -P) writes the source.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB names RELATIVE "${FOLDER}" "${FOLDER}/*")
  list(SORT names)
  set(arrays "")
  set(entries "")
  set(index 0)
  foreach(name IN LISTS names)
    file(READ "${FOLDER}/${name}" bytes HEX)
    string(LENGTH "${bytes}" digits)
    math(EXPR size "${digits} / 2")
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "// ${name}\nconst unsigned char file${index}[] = {\n${bytes}\n0x00};\n")
    string(APPEND entries "        {\"${name}\", {reinterpret_cast<const char*>(file${index}), ${size}}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  file(WRITE "${OUTPUT}" "// Made from ${NAME} by tools/cmake/embed_folder.cmake.
#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {
${arrays}}  // namespace

std::span<const ${TYPE}> ${FUNCTION}() noexcept {
    static const ${TYPE} files[] = {
${entries}    };
    return files;
}

}  // namespace ${NAMESPACE}
")
  return()
endif()

set(IMC_EMBED_FOLDER_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(imc_embed_folder target folder header namespace type function)
  set(input ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
  file(RELATIVE_PATH here ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  file(GLOB files CONFIGURE_DEPENDS ${input}/*)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${input} -DOUTPUT=${output} -DNAME=${here}/${folder} -DHEADER=${here}/${header}
      -DNAMESPACE=${namespace} -DTYPE=${type} -DFUNCTION=${function} -P ${IMC_EMBED_FOLDER_SCRIPT}
    DEPENDS ${files} ${IMC_EMBED_FOLDER_SCRIPT}
    COMMENT "Embedding ${here}/${folder}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
