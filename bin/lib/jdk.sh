# shellcheck shell=sh
# Sourced by the scripts in bin/.

# Print the home of a JDK of version 25 or newer: JAVA_HOME, java on PATH, then the usual folders.
# Fails when there is none. ./plimsoll looks in the same order, for a java alone.
find_jdk() {
  path_java=$(command -v java || echo /none/bin/java)
  for candidate in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$path_java")")")" \
    /usr/lib/jvm/* /opt/java/*; do
    if [ -x "$candidate/bin/javac" ] && [ -r "$candidate/release" ]; then
      version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$candidate/release")
      if [ "${version:-0}" -ge 25 ]; then
        printf '%s\n' "$candidate"
        return 0
      fi
    fi
  done
  return 1
}
