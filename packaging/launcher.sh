#!/bin/sh
# Start an installed Plimsoll. The program with its own Java runtime lies in lib/plimsoll beside the folder of this script, or in
# the folder above it.
#
# Variables: PLIMSOLL_HEAP (default 256m), PLIMSOLL_JAVA_OPTS (more options of Java, split at spaces).
set -eu

# The folder of this script, also when it was called through symbolic links.
case $0 in
  */*) self=$0 ;;
  *) self=./$0 ;;
esac
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=${self%/*}/$link ;;
  esac
done
bin=$(CDPATH='' cd -P "${self%/*}/" && pwd -P)
prefix=${bin%/*}
for lib in "$prefix/lib/plimsoll" "$prefix"; do
  java=$lib/runtime/bin/java
  [ ! -x "$java" ] || break
done
if [ ! -x "$java" ]; then
  printf 'error: this installation of Plimsoll is incomplete\n  why: %s is missing\n\nhint: install it again\n' "$java" >&2
  exit 11
fi

# shellcheck source=bin/lib/start.sh
. "$lib/start.sh"
started=
[ "${1:-}" != run ] || early "$@"
become "$lib/plimsoll.aot" ${started:+"-Dplimsoll.early=$started"} "-Dplimsoll.prefix=$prefix" \
  --enable-native-access=plimsoll -m plimsoll/dev.plimsoll.cli.Main "$@"
