# shellcheck shell=sh
# For ./plimsoll and bin/build: whether the checkout `$home` holds a built program that is newer than all its sources; one
# without sources is never stale. The folder of Python modules is not asked: it changes when Python first keeps what it
# compiled.
fresh() {
  # shellcheck disable=SC2154 # who sources this sets it
  [ -r "$home/target/dist/plimsoll.jar" ] && { [ ! -d "$home/src/main" ] || [ -z "$(find "$home/pom.xml" "$home/src/main" \
    -newer "$home/target/dist/plimsoll.jar" ! -name plimsoll_pytest ! -name '__pycache__' ! -name '*.pyc' -print -quit \
    2>/dev/null)" ]; }
}
