"""Runs inside the guest, as root: one scenario as an ordinary user, its faults as JSON.

usage: inside.py SETTING SCENARIO [ARGUMENTS...]

Each scenario returns one row; its `faults` is empty when everything was right.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Dict, List

PROGRAM = Path("/opt/plimsoll/bin/plimsoll")
TORTURE = Path(__file__).resolve().parents[1] / "torture" / "main.py"
Row = Dict[str, object]
SCENARIOS: Dict[str, Callable[..., Row]] = {}

SHOP = '''
import time, pytest

@pytest.mark.parametrize("number", range(40))
def test_small(number):
    time.sleep(0.05)
    assert number >= 0

def test_holds():
    kept = bytearray(b"x") * (60 << 20)
    assert len(kept) == 60 << 20
'''


def scenario(function: Callable[..., Row]) -> Callable[..., Row]:
    SCENARIOS[function.__name__.replace("_", "-")] = function
    return function


class User:
    """An ordinary user. session: whether in a login session of systemd, or from a system service, without one."""

    def __init__(self, name: str = "dev", session: bool = True) -> None:
        entry = pwd.getpwnam(name)
        self.name, self.home, self.uid, self.session = name, Path(entry.pw_dir), entry.pw_uid, session

    def command(self, folder: Path, line: List[str]) -> List[str]:
        unit = ["systemd-run", "--quiet", "--pipe", "--wait", "--collect", f"--uid={self.name}", f"--working-directory={folder}"]
        unit += ["-pPAMName=login"] if self.session else ["-pOOMPolicy=continue"]
        return [*unit, "--setenv=NO_COLOR=1", "--setenv=PYTHONDONTWRITEBYTECODE=1", f"--setenv=HOME={self.home}", "--", *line]

    def start(self, folder: Path, *line: object) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.command(folder, [str(part) for part in line]), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, folder: Path, *line: object) -> "subprocess.CompletedProcess[str]":
        with self.start(folder, *line) as process:
            out, err = process.communicate()
        return subprocess.CompletedProcess(line, process.returncode, out, err)

    def project(self, name: str, **files: str) -> Path:
        """A project of this user with these test files, new."""
        folder = self.home / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for file, text in files.items():
            (folder / f"{file}.py").write_text(text)
        self.own(folder)
        return folder

    def own(self, folder: Path) -> None:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, self.uid, self.uid)

    def left(self) -> List[str]:
        """Processes of runs that are still there two seconds from now."""
        end = time.monotonic() + 2
        while True:
            found = [pid for pid in os.listdir("/proc") if pid.isdigit() and _is_of_a_run(pid) and _owner(pid) == self.uid]
            if not found or time.monotonic() > end:
                return [f"{pid} {_text(pid, 'cmdline')}" for pid in found]
            time.sleep(0.05)


def _text(pid: str, file: str) -> str:
    try:
        return Path("/proc", pid, file).read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def _owner(pid: str) -> int:
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return -1


def _is_of_a_run(pid: str) -> bool:
    return "_PLIMSOLL_RUN=" in _text(pid, "environ") and "\nState:\tZ" not in _text(pid, "status")


def tests(out: str) -> Dict[str, str]:
    """The outcomes of `--json`."""
    try:
        return {test["id"]: test["outcome"] for test in json.loads(out)["tests"]}
    except (ValueError, KeyError):
        return {}


LONG = SHOP + """
def test_waits_for_ever():
    import pathlib
    pathlib.Path("began").touch()
    while not pathlib.Path("go").exists():
        time.sleep(0.1)
"""
HOLDERS = """
import time, pytest

@pytest.mark.parametrize("number", range(8))
def test_holds(number):
    kept = bytearray(b"x") * (200 << 20)
    time.sleep(0.5)
    assert len(kept) == 200 << 20
"""


class Setting:
    """How the guest differs from a plain one, and as whom scenarios run in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.user = User(session=name != "no-session")
        self.enforced = name != "no-session"
        getattr(self, "_" + name.replace("-", "_"), lambda: None)()

    def _zram_oomd(self) -> None:
        """Swap in compressed memory, and systemd's own killer watching the user's units."""
        swaps = Path("/proc/swaps").read_text()
        if "/dev/zram0" not in swaps:
            _sh("modprobe zram && echo 512M > /sys/block/zram0/disksize && mkswap /dev/zram0 && swapon -p 100 /dev/zram0")
        unit = Path("/etc/systemd/system/user@.service.d/oomd.conf")
        unit.parent.mkdir(exist_ok=True)
        unit.write_text("[Service]\nManagedOOMMemoryPressure=kill\nManagedOOMMemoryPressureLimit=50%\n")
        _sh("systemctl unmask systemd-oomd.service && systemctl daemon-reload && systemctl start systemd-oomd.service")

    def _oom_group(self) -> None:
        """A kill at the user's own limit takes all of the user's processes."""
        Path(f"/sys/fs/cgroup/user.slice/user-{self.user.uid}.slice/memory.oom.group").write_text("1")

    def _full_disk(self) -> None:
        """The home of the user lies on a disk without a free block."""
        if not os.path.ismount("/mnt/full"):
            _sh("mkdir -p /mnt/full && truncate -s 24M /var/full.img && mke2fs -q -t ext4 -m 0 /var/full.img && mount -o loop /var/full.img /mnt/full")
        self.user.home = Path("/mnt/full")
        os.chown("/mnt/full", self.user.uid, self.user.uid)

    def fill(self) -> None:
        if self.name == "full-disk":
            _sh("dd if=/dev/zero of=/mnt/full/rest bs=4k 2>/dev/null || true; dd if=/dev/zero of=/mnt/full/rest2 bs=1 2>/dev/null || true")

    def oomd_kills(self) -> List[str]:
        """What systemd-oomd killed since the boot."""
        return [line for line in _sh("journalctl -b -u systemd-oomd -o cat || true").splitlines() if line.startswith("Killed ")]


def _sh(script: str) -> str:
    done = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{script}: {done.stdout}")
    return done.stdout


def judged(user: User, done: "subprocess.CompletedProcess[str]", count: int) -> Row:
    """All passed, and nothing is left."""
    outcomes = tests(done.stdout)
    faults = [f"{test}: {outcome}" for test, outcome in outcomes.items() if outcome != "passed"]
    if done.returncode or len(outcomes) != count:
        faults.append(f"exit {done.returncode}, {len(outcomes)} of {count} tests: {done.stderr[-1500:]}")
    if "Killed" in _sh("dmesg"):
        faults += [f"kernel: {line}" for line in _sh("dmesg").splitlines() if "Out of memory: Killed" in line]
    return {"faults": faults + [f"left: {p}" for p in user.left()], "tests": len(outcomes), "said": done.stderr[-1500:]}


@scenario
def doctor(setting: Setting) -> Row:
    """It finds the delegated group, tried out; without a session it says that nothing is enforced. The kernel's log is closed."""
    done = setting.user.run(setting.user.project("doctor", test_one=SHOP), PROGRAM, "doctor")
    faults = [] if done.returncode == 0 else [f"exit {done.returncode}: {done.stderr}"]
    wanted = "ok       a cgroup v2 delegated by systemd" if setting.enforced else "the kernel cannot enforce memory limits"
    for text in (wanted, "cannot read the kernel log", "version 2, this process is in"):
        if text not in done.stdout:
            faults.append(f"doctor does not say: {text}\n{done.stdout}")
    return {"faults": faults, "said": done.stdout + done.stderr}


@scenario
def run(setting: Setting) -> Row:
    """A small project: right outcomes, contained where it can be, nothing left."""
    user, more = setting.user, (["--require-containment"] if setting.enforced else [])
    folder = user.project("run", test_shop=SHOP)
    setting.fill()
    return judged(user, user.run(folder, PROGRAM, "run", "--json", *more), 41)


@scenario
def calibrate(setting: Setting) -> Row:
    """A small project gets a number of workers."""
    user = setting.user
    done = user.run(user.project("calibrate", test_shop=SHOP), PROGRAM, "calibrate", "light", "--levels", "1,2", "--runs", "2", "--json")
    try:
        said = json.loads(done.stdout)
    except ValueError:
        said = {}
    faults = [] if done.returncode == 0 and said else [f"exit {done.returncode}: {done.stdout[-1000:]} {done.stderr[-2000:]}"]
    return {"faults": faults + [f"left: {p}" for p in user.left()], "said": said}


@scenario
def two_users(setting: Setting) -> Row:
    """Two users at once, each with more than half of the machine's memory to hold: both are right, the kernel kills nothing."""
    both = [User("dev"), User("other")]
    folders = [user.project("two", test_holders=HOLDERS) for user in both]
    started = [user.start(folder, PROGRAM, "run", "--json", "--workers", "4") for user, folder in zip(both, folders)]
    rows = []
    for user, process in zip(both, started):
        out, err = process.communicate()
        rows.append(judged(user, subprocess.CompletedProcess([], process.returncode, out, err), 8))
    return {"faults": [fault for row in rows for fault in row["faults"]], "tests": 16}


@scenario
def begin_long(setting: Setting) -> Row:
    """A run that does not end; the host cuts the power when its last test runs."""
    user = setting.user
    folder = user.project("long", test_long=LONG)
    user.start(folder, PROGRAM, "run", "--workers", "2")
    while not (folder / "began").exists() or _sh(f"cat {folder}/.plimsoll/runs/*.jsonl").count('"event":"ended"') < 41:
        time.sleep(0.5)
    time.sleep(5)  # the journal is on the disk a second after it was written
    Path("/share/long-runs").touch()
    time.sleep(600)
    return {"faults": ["the power was not cut"]}


@scenario
def resume(setting: Setting) -> Row:
    """After the power cut: the journal has every outcome of before, and only the test that was running runs again."""
    folder = setting.user.home / "long"
    kept = _sh(f"cat {folder}/.plimsoll/runs/*.jsonl").count('"event":"ended"')
    (folder / "go").touch()
    row = judged(setting.user, setting.user.run(folder, PROGRAM, "run", "--resume", "--json"), 42)
    said = str(row["said"])
    if kept != 41 or f"{kept} tests have an outcome" not in said:
        row["faults"].append(f"the journal kept {kept} of 41 outcomes, and resume says: {said}")  # type: ignore[attr-defined]
    return {**row, "kept": kept}


@scenario
def torture(setting: Setting, seed: str, count: str = "1") -> Row:
    """Random suites under a limit of the user's slice."""
    return _torture(setting, "--suites", count, "--seed", seed)


@scenario
def bombs(setting: Setting, speed: str, seed: str = "1") -> Row:
    return _torture(setting, "--bombs", "1", "--speed", speed, "--seed", seed)


def _torture(setting: Setting, *arguments: str) -> Row:
    before = setting.oomd_kills()
    line = [sys.executable, str(TORTURE), "--user", setting.user.name, "--installed", str(PROGRAM), "--no-xdist", "--no-oracle", "--time-limit", "1200", "--json"]
    line += [*arguments, *([] if setting.user.session else ["--without-session"])]
    done = subprocess.run(line, capture_output=True, text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    try:
        rows = json.loads(done.stdout)["rows"]
    except (ValueError, KeyError):
        return {"faults": [f"the torture stopped with {done.returncode}: {done.stderr[-3000:]}"]}
    oomd = [f"systemd-oomd: {line}" for line in setting.oomd_kills()[len(before):]]
    return {"faults": [fault for row in rows for fault in row["faults"]] + oomd, "rows": rows}


def install(archive: Path) -> None:
    """Unpack the package where it is not yet the installed one."""
    mark = PROGRAM.parents[1] / "archive"
    wanted = f"{archive.stat().st_size} {archive.stat().st_mtime_ns}"
    if mark.exists() and mark.read_text() == wanted:
        return
    shutil.rmtree(PROGRAM.parents[1], ignore_errors=True)
    PROGRAM.parents[1].mkdir(parents=True)
    subprocess.run(["tar", "-xzf", str(archive), "--strip-components=1", "-C", str(PROGRAM.parents[1])], check=True)
    mark.write_text(wanted)


def main() -> int:
    install(Path("/share/plimsoll.tar.gz"))
    subprocess.run(["loginctl", "enable-linger", "dev"], check=True)
    row = SCENARIOS[sys.argv[2]](Setting(sys.argv[1]), *sys.argv[3:])
    print(json.dumps(row))
    return 1 if row["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
