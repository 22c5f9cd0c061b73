# The inbox in a real browser: one test a spec file. They start a county of processes and Chromium, so no two run at once.
find_program(NPM npm)
find_program(NODE node)
find_program(CHROMIUM NAMES chromium)
set(browser_dir ${CMAKE_CURRENT_SOURCE_DIR}/browser)
if(NPM AND NODE AND CHROMIUM AND NOT HANDOFF_SANITIZE)
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/browser.stamp
    COMMAND ${NPM} ci --silent --no-audit --no-fund COMMAND ${CMAKE_COMMAND} -E touch ${CMAKE_BINARY_DIR}/browser.stamp
    WORKING_DIRECTORY ${browser_dir} DEPENDS ${browser_dir}/package-lock.json COMMENT "what drives the browser" VERBATIM)
  add_custom_target(browser_tools ALL DEPENDS ${CMAKE_BINARY_DIR}/browser.stamp)
  file(GLOB specs CONFIGURE_DEPENDS ${browser_dir}/specs/*.spec.mjs)
  foreach(spec IN LISTS specs)
    get_filename_component(name ${spec} NAME_WE)
    add_test(NAME browser_${name} COMMAND ${NODE} --test --test-reporter=spec ${spec})
    set_tests_properties(browser_${name} PROPERTIES LABELS browser RESOURCE_LOCK processes TIMEOUT 900
      ENVIRONMENT "HANDOFF_BIN=${CMAKE_BINARY_DIR}/bin;HANDOFF_CHROMIUM=${CHROMIUM}")
  endforeach()
elseif(NOT HANDOFF_SANITIZE)
  message(WARNING "node, npm or chromium is missing: nothing looks at the inbox in a browser (./dev test installs them)")
endif()
