# shellcheck shell=sh
# Make the cache of what a start loads, by running the usual command lines in a small project, in one process, as a launcher would.
#
# usage: sh bin/lib/train.sh JAVA WORK CACHE PREFIX OPTIONS...
#   WORK is an empty folder, CACHE the file to write; Java starts PREFIXdev.plimsoll.cli.Main with OPTIONS.
set -eu

lib=$(CDPATH='' cd -P "$(dirname "$0")" && pwd -P)
java=$1 work=$2 cache=$3 prefix=$4
shift 4
cd "$work"
XDG_RUNTIME_DIR=$work
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
# Fills the budget that it gets and is killed for it: the first kill of a real run is not to wait for classes to load.
cat >large.py <<'PY'
import time


def test_large():
    kept = []
    for _ in range(300):
        kept.append(bytearray(b"x") * (1 << 20))
        time.sleep(0.01)
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

# The first run leaves a history, and the name of the interpreter that launchers start early from then on.
"$java" "$@" "${prefix}dev.plimsoll.cli.Main" run --quiet || true
started=
# shellcheck source=bin/lib/early.sh
. "$lib/early.sh"
! word || start_python
# No adapters: they are machine code of this processor (see start.sh).
# shellcheck disable=SC2093 # nothing follows
exec "$java" ${started:+"-Dplimsoll.early=$started"} "-XX:AOTCacheOutput=$cache" \
  -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:-AOTAdapterCaching \
  -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m "$@" "${prefix}dev.plimsoll.cli.Training" \
  --version :: --help :: config :: groups list :: run :: run --engine fork --python python3 \
  :: run --memory 128m large.py :: history
