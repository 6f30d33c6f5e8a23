# Which Pythons can run pytest under Plimsoll. Read by bin/setup, bin/test and bin/quickstart.
# shellcheck shell=sh

# Whether this Python is 3.9 or newer and has a pytest of 7.0 or newer.
can_test() {
  "$1" -c 'import sys, pytest
sys.exit(sys.version_info < (3, 9) or int(pytest.__version__.split(".")[0]) < 7)' >/dev/null 2>&1
}
