# imc_windows_program(target): icon, version, manifest and event texts of a program for Windows, and, with mingw, its symbols
# in a file beside it (target.exe.debug), so that what is installed is small and a dump can still be read. Elsewhere: nothing.
function(imc_windows_program target)
  if(NOT WIN32)
    return()
  endif()
  enable_language(RC)
  find_package(Python3 COMPONENTS Interpreter REQUIRED)
  set(installer ${CMAKE_SOURCE_DIR}/installer)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/${target}_resources)
  configure_file(${installer}/imconnector.rc.in ${made}/imconnector.rc @ONLY)
  configure_file(${installer}/imconnector.manifest.in ${made}/imconnector.manifest @ONLY)
  add_custom_command(OUTPUT ${made}/imconnector.ico
    COMMAND ${Python3_EXECUTABLE} -B ${installer}/make-icon ${made}/imconnector.ico
    DEPENDS ${installer}/make-icon
    VERBATIM)
  find_program(IMC_MESSAGE_COMPILER NAMES x86_64-w64-mingw32-windmc mc REQUIRED)
  add_custom_command(OUTPUT ${made}/MSG00409.bin
    COMMAND ${IMC_MESSAGE_COMPILER} -c -h . -r . ${installer}/messages.mc
    WORKING_DIRECTORY ${made}
    DEPENDS ${installer}/messages.mc
    VERBATIM)
  target_sources(${target} PRIVATE ${made}/imconnector.rc)
  set_source_files_properties(${made}/imconnector.rc PROPERTIES OBJECT_DEPENDS "${made}/imconnector.ico;${made}/imconnector.manifest;${made}/MSG00409.bin")
  target_include_directories(${target} PRIVATE ${made})
  if(MSVC)
    target_link_options(${target} PRIVATE /MANIFEST:NO)
  else()
    # As in memory: Wine reads a program whose sections lie otherwise wholly into memory of its own.
    target_link_options(${target} PRIVATE -Wl,--file-alignment,4096)
    set(file $<TARGET_FILE:${target}>)
    add_custom_command(TARGET ${target} POST_BUILD
      COMMAND ${CMAKE_OBJCOPY} --only-keep-debug ${file} ${file}.debug
      COMMAND ${CMAKE_OBJCOPY} --strip-all --add-gnu-debuglink=${file}.debug ${file}
      VERBATIM)
  endif()
endfunction()
