# Compiles each public header alone: it must include all that it uses, and
# nothing but the standard library and other public headers.
file(GLOB public_headers CONFIGURE_DEPENDS
  RELATIVE ${PROJECT_SOURCE_DIR}/include
  ${PROJECT_SOURCE_DIR}/include/igrot/*.h)
set(header_sources)
foreach(header ${public_headers})
  string(REPLACE "/" "_" stem ${header})
  set(source ${CMAKE_BINARY_DIR}/headers/${stem}.cpp)
  file(GENERATE OUTPUT ${source} CONTENT "#include \"${header}\"\n")
  list(APPEND header_sources ${source})
endforeach()
add_library(public_headers_alone OBJECT ${header_sources})
target_include_directories(public_headers_alone PRIVATE
  ${PROJECT_SOURCE_DIR}/include)
