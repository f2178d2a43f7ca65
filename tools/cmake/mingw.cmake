# Toolchain file: 64-bit Windows 10 / Server 2016 and later, by mingw-w64 with POSIX threads, everything static.
# IMC_WINDOWS_PREFIX is the folder that tools/windows/dependencies prints.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_VERSION 10.0)
set(CMAKE_SYSTEM_PROCESSOR AMD64)

set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_OBJCOPY x86_64-w64-mingw32-objcopy)
set(CMAKE_OBJDUMP x86_64-w64-mingw32-objdump)

if(NOT IMC_WINDOWS_PREFIX)
  set(IMC_WINDOWS_PREFIX "$ENV{IMC_WINDOWS_PREFIX}" CACHE PATH "What tools/windows/dependencies printed")
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES IMC_WINDOWS_PREFIX)

# Never /usr: its headers and libraries are of another system.
set(CMAKE_FIND_ROOT_PATH ${IMC_WINDOWS_PREFIX})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
list(APPEND CMAKE_PREFIX_PATH ${IMC_WINDOWS_PREFIX})
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR}/mingw)
set(CMAKE_C_STANDARD_INCLUDE_DIRECTORIES ${IMC_WINDOWS_PREFIX}/include)
set(CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES ${IMC_WINDOWS_PREFIX}/include)
set(OPENSSL_USE_STATIC_LIBS ON)
set(ZLIB_USE_STATIC_LIBS ON)
set(Boost_NO_BOOST_CMAKE ON)

set(CMAKE_C_FLAGS_INIT "-D_WIN32_WINNT=0x0A00 -DWIN32_LEAN_AND_MEAN -DNOMINMAX -fstack-protector-strong")
# Templates of Asio make more sections than the old object format counts.
set(CMAKE_CXX_FLAGS_INIT "${CMAKE_C_FLAGS_INIT} -Wa,-mbig-obj")
# Address-space randomisation with the whole range, no executable data, and no library beside Windows' own.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -Wl,--dynamicbase,--nxcompat,--high-entropy-va -Wl,--no-insert-timestamp")
set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/../windows/wine)
