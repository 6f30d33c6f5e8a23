"""Whether forking this process is safe: what lives in it besides the main thread.

A forked child has the memory of the other threads but not the threads: a lock that one of them held stays locked, and
a pool without its threads waits for ever. Python's own threads are known by name; native threads appear only in
`/proc/self/task`.

OpenBLAS's pool is harmless: it ends its threads before a fork and starts them again when needed (its `pthread_atfork`
handlers). Its threads have the name of the process, and there are at most as many for each loaded OpenBLAS as it may
use processors, minus one. OpenMP pools (libgomp, libiomp5, libomp; torch, MKL) deadlock in the child. Where the kernel
shows in which code a thread waits, threads of libgomp are distinguished from OpenBLAS's. Threads with a name of their
own (rayon, tokio, grpc) count as unsafe.
"""

from __future__ import annotations

import re
from typing import Dict, List, Sequence, Set

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os, threading, time

OPENBLAS = re.compile(r"/([^/\n]*openblas[^/\n]*)$", re.MULTILINE)
CODE = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) r-xp .*/[^/\n]*libgomp[^/\n]*$", re.MULTILINE)
OPENMP = re.compile(r"/[^/\n]*(libgomp|libiomp5|libomp)[^/\n]*$", re.MULTILINE)
#: Modules whose threads only wait in `accept`: pytest-rerunfailures counts for xdist's workers what each of ours counts
#: in its own copy.
HARMLESS_TARGETS = frozenset({"pytest_rerunfailures"})
#: How long a thread that has ended may still be listed, in seconds.
LINGERING = 0.2
#: How long a thread of a pool may spin after its work before it waits: OpenBLAS's some 25 ms, in seconds.
SPINS = 1.0
RUNNING = -1
JEMALLOC = "jemalloc_bg_thd"  # purges memory; jemalloc has fork handlers


def hazards(ours: Sequence[threading.Thread] = ()) -> List[str]:
    """Describe each thread that makes forking unsafe; empty when it is safe. The kernel lists a thread for a moment
    after it was joined, so what is found counts only when it stays."""
    deadline = time.monotonic() + LINGERING
    found = _hazards(ours)
    while found and time.monotonic() < deadline:
        time.sleep(LINGERING / 20)
        found = _hazards(ours)
    return found


def _hazards(ours: Sequence[threading.Thread]) -> List[str]:
    python = [one for one in threading.enumerate() if one is not threading.main_thread() and one not in ours]
    found = [f"Python thread {one.name!r} ({type(one).__name__})" for one in python if not _is_harmless(one)]
    known = {one.native_id for one in [*python, *ours, threading.main_thread()]}
    return found + _native_hazards(_tasks(), {task for task in known if task is not None})


def _is_harmless(thread: threading.Thread) -> bool:
    return getattr(getattr(thread, "_target", None), "__module__", None) in HARMLESS_TARGETS


def _tasks() -> Dict[int, str]:
    tasks = {}
    try:
        for entry in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{entry}/comm", encoding="utf-8", errors="replace") as file:
                tasks[int(entry)] = file.read().strip()
    except OSError:
        pass  # a thread that ended meanwhile, or no /proc: only Python's threads are known then
    return tasks


def _native_hazards(tasks: Dict[int, str], known: Set[int]) -> List[str]:
    own = tasks.get(os.getpid(), "")
    others = [name for task, name in tasks.items() if task not in known and task != os.getpid()]
    unnamed = [task for task, name in tasks.items() if name == own and task not in known and task != os.getpid()]
    found = [f"native thread {name!r}" for name in others if name not in (own, JEMALLOC)]
    if unnamed:
        maps = _maps()
        harmless = len(set(OPENBLAS.findall(maps))) * (_blas_threads() - 1)
        if len(unnamed) > harmless or _any_in_libgomp(unnamed, maps):
            pool = OPENMP.search(maps)
            found.append(f"{len(unnamed)} native thread{'s' if len(unnamed) > 1 else ''}"
                         + (f" (an OpenMP pool: {pool.group(1)})" if pool else ""))
    return found


def _any_in_libgomp(tasks: Sequence[int], maps: str) -> bool:
    """Whether one of these threads waits in the code of libgomp. While it runs the kernel does not say where, and after
    its work it spins for a while; one that goes on is none of OpenBLAS's, which wait by then."""
    code = [(int(begin, 16), int(end, 16)) for begin, end in CODE.findall(maps)]
    deadline = time.monotonic() + SPINS
    while code:
        places = [_waits_at(task) for task in tasks]
        if any(begin <= at < end for at in places for begin, end in code):
            return True
        if RUNNING not in places:
            return False
        if time.monotonic() >= deadline:
            return True
        time.sleep(LINGERING / 20)
    return False


def _waits_at(task: int) -> int:
    """The address at which a thread waits in the kernel, `RUNNING`, or 0 when nobody says."""
    try:
        with open(f"/proc/self/task/{task}/syscall", encoding="ascii") as file:
            last = file.read().split()[-1]
        return RUNNING if last == "running" else int(last, 16) if last.startswith("0x") else 0
    except (OSError, IndexError, ValueError):
        return 0


def _maps() -> str:
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _blas_threads() -> int:
    for variable in ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"):
        value = os.environ.get(variable, "")
        if value.isdigit() and int(value) > 0:
            return int(value)
    return os.cpu_count() or 1
