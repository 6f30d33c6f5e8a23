# shellcheck shell=sh
# For bin/build: make the cache of what a start loads (`plimsoll.aot.part` beside the program), by running the usual command
# lines in a small project, in one process, as ./plimsoll would.
#
# usage: sh bin/lib/train.sh CHECKOUT JAVA FOLDER
set -eu

java=$2 dist=$1/target/dist
cd "$3"
XDG_RUNTIME_DIR=$3
export XDG_RUNTIME_DIR

mkdir tests
cat >tests/test_training.py <<'PY'
import pytest


@pytest.mark.parametrize("number", range(20))
def test_number(number):
    assert number >= 0


def test_failure():
    print("output")
    assert 1 == 2
PY
cat >plimsoll.toml <<'TOML'
# Tables, lists and values of each kind: the parser is a good part of what is loaded.
workers = 2
timeout = "10m"

[groups]
order = ["heavy", "light"]

[groups.heavy]
paths = ["tests/heavy/**"]
words = ["load"]
workers = 1

[groups.light]
workers = "auto"
TOML

# The first run leaves a history, and word of the interpreter that ./plimsoll starts early from then on.
"$java" -jar "$dist/plimsoll.jar" run --quiet || true
started=
# shellcheck source=bin/lib/early.sh
. "$1/bin/lib/early.sh"
! word || start_python
# shellcheck disable=SC2093 # nothing follows
exec "$java" ${started:+"-Dplimsoll.early=$started"} "-XX:AOTCacheOutput=$dist/plimsoll.aot.part" \
  -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:+UseSerialGC \
  -XX:TieredStopAtLevel=1 -Xmx256m -cp "$dist/plimsoll.jar" dev.plimsoll.cli.Training \
  --version :: --help :: config :: groups list :: run :: run --engine fork --python python3 :: history
