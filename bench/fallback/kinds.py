"""Ways to use up a machine, each a test that never fits the limit; beside it are tests that hold a little."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1 << 20
BESIDE = 12

COMMON = '''
import ctypes, mmap, os, subprocess, sys, tempfile, time
from appetite import eat
def beside():
    kept = bytearray(b"x") * (15 << 20)
    time.sleep(0.15)
    assert kept
'''


@dataclass(frozen=True)
class Kind:
    """must: whether the watchdog must win each time; otherwise the table shows how often it did.

    missed: why the watchdog can miss it
    ends: how the bomb's test may end
    """

    name: str
    words: str
    code: str
    must: bool = False
    missed: str = ""
    ends: tuple = ("crashed", "failed")


def _speed(speed: float) -> str:
    return f"eat({{size}}, {speed}, 1.0)"


KINDS = (
    Kind("0.5 GB/s", "fills memory at 0.5 GB/s", _speed(0.5), must=True),
    Kind("1 GB/s", "fills memory at 1 GB/s", _speed(1.0), must=True),
    Kind("3 GB/s", "fills memory at 3 GB/s", _speed(3.0), missed="it fills the reserve in some 20 ms"),
    Kind("5 GB/s", "fills memory at 5 GB/s", _speed(5.0), missed="it fills the reserve in some 10 ms"),
    Kind("slow leak", "leaks 60 MB/s to its end", _speed(0.06), must=True),
    Kind(
        "fork bomb",
        "starts children that hold 20 MB each, 10 a second",
        "c = [(time.sleep(0.1), subprocess.Popen([sys.executable, '-S', '-c', 'x = bytearray(b\"x\") * (20 << 20); input()'],"
        " stdin=subprocess.PIPE)) for _ in range({size} // 20)]",
    ),
    Kind(
        "mlock",
        "fills memory at 1 GB/s and locks it, as far as the user may",
        "ctypes.CDLL(None).mlockall(3); eat({size}, 1.0, 1.0)",
        must=True,
    ),
    Kind(
        "tmpfs",
        "writes files to /dev/shm, 0.5 GB/s",
        "f = tempfile.TemporaryFile(dir='/dev/shm'); [(f.write(b'x' * (1 << 20)), time.sleep(0.002)) for _ in range({size})]",
        missed="a file with a name stays when its worker is killed",
    ),
    Kind(
        "shared memory",
        "fills a shared mapping at 1 GB/s",
        "m = mmap.mmap(-1, {size} << 20); [(m.seek(i << 20), m.write(b'x' * (1 << 20)), time.sleep(0.001)) for i in range({size})]",
    ),
    Kind(
        "page cache",
        "writes a file on a disk: cache that the kernel takes back",
        "f = tempfile.TemporaryFile(dir='.'); [f.write(b'x' * (1 << 20)) for _ in range({size})]; f.flush()",
        must=True,
        ends=("passed",),
    ),
)


def source(kind: Kind, limit: int) -> str:
    """The test file: the bomb among those beside it."""
    tests = [f"def test_beside_{n}(): beside()" for n in range(BESIDE)]
    tests.insert(BESIDE // 2, "def test_bomb(): " + kind.code.format(size=limit * 2))
    return COMMON + "\n".join(tests) + "\n"
