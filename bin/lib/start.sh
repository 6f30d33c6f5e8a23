# shellcheck shell=sh
# Start Java with the program. Sourced by ./plimsoll and by the launcher of the packages, so that both start it in the same way.
# Needs `$java`, and `$lib` (the folder of early.sh); each of them does without processes where it can, because a process
# takes as long as a hundred lines of this script.

# Names of files and arguments are UTF-8 where the locale does not say otherwise (cron, most containers), as in Python
# (PEP 538): Java would lose all but ASCII.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
  C | POSIX)
    if [ -n "${LC_ALL:-}" ]; then
      export LC_ALL=C.UTF-8
    else
      export LC_CTYPE=C.UTF-8
    fi
    ;;
esac

# Start the interpreter that the last run in this folder used, while Java starts: it loads pytest and waits for its orders.
early() {
  [ -r .plimsoll/early ] || return 0
  # shellcheck source=bin/lib/early.sh disable=SC2154 # who sources this sets lib
  . "$lib/early.sh"
  word || return 0
  wanted=$python
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    case $1 in
      --python) wanted=${2:-} ;;
      --python=*) wanted=${1#*=} ;;
      --pytest-script | --python-flag=* | --directory | --directory=* | -C* | --config | --config=* | --profile | --profile=* | -h | --help | -V | --version) return 0 ;;
    esac
    shift
  done
  [ "$wanted" != "$python" ] || start_python
}

# Become Java: `become CACHE ARGUMENTS...`, where the arguments begin with what Java starts. The cache holds the classes of this
# very program and Java; Java ignores it when it does not fit, and then only starts slower.
#
# The cache is mapped where it was made for (ArchiveRelocationMode=0): moved, its pages would be changed and count as
# memory of our own, some 10 MB.
# Adapters between compiled and interpreted code are machine code of the processor that made the cache, which no check
# compares (JDK-8388703): taken from the cache, they kill Java on an older one. Without them a start takes as long.
# Training data is for a compiler that is switched off here. A small young generation is collected more often and touches
# less memory, and what the C library keeps free is given back: together some 6 MB less in a run of 3,000 tests.
# What Java itself prints (its stacks at Ctrl-\, that it finds no memory) is no result: it goes to standard error.
# One method of the JDK is not compiled: it makes the classes of a start, a few times, and to compile it takes 5 MB.
become() {
  cache=$1
  shift
  if [ -r "$cache" ]; then
    set -- "-XX:AOTCache=$cache" -Xlog:aot=off -Xlog:cds=off "$@"
  fi
  # shellcheck disable=SC2086,SC2154 # several options in one variable; who sources this sets java
  exec "$java" -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 \
    -XX:-AOTAdapterCaching -XX:+DisplayVMOutputToStderr -XX:CompileCommand=quiet \
    -XX:CompileCommand=exclude,jdk.internal.classfile.impl.StackMapGenerator::processBlock \
    -XX:-AOTReplayTraining -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms8m -Xmn3m -XX:MinHeapFreeRatio=15 \
    -XX:MaxHeapFreeRatio=30 "-Xmx${PLIMSOLL_HEAP:-256m}" -Xss512k -XX:MaxMetaspaceSize=64m \
    -XX:ReservedCodeCacheSize=24m -XX:TrimNativeHeapInterval=1000 -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError \
    ${PLIMSOLL_JAVA_OPTS:-} "$@"
}
