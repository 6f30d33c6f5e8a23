"""A guest under QEMU without KVM: boot it, give it jobs, cut its power. Its only way out is a shared folder."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
BOOT_LIMIT = 1200.0


class GuestError(Exception):
    """The guest did not do what it must be able to do."""


class Guest:
    """One disk, copied from the image, that may be booted many times, and renewed."""

    def __init__(self, image: Path, work: Path, memory: int = 2048) -> None:
        self.image, self.work, self.memory = image, work, memory
        self.share = work / "share"
        self.share.mkdir(parents=True, exist_ok=True)
        self.disk = work / "disk.img"
        self.qemu: subprocess.Popen[bytes] | None = None
        self.numbers = itertools.count(1 + len(list(self.share.glob("*.sh"))))

    def renew(self) -> None:
        """Take a new copy of the image: what one setting changed, the next must not find."""
        self.cut()
        subprocess.run(["cp", "--sparse=always", "--reflink=auto", str(self.image / "disk.img"), str(self.disk)], check=True)

    def boot(self, append: str = "") -> None:
        """Start it and wait until it takes jobs."""
        (self.share / "ready").unlink(missing_ok=True)
        line = ["nice", "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-m", str(self.memory), "-smp", "2"]
        line += ["-display", "none", "-serial", f"file:{self.work / 'console'}", "-no-reboot", "-nic", "none"]
        line += ["-kernel", str(self.image / "vmlinuz"), "-initrd", str(self.image / "initrd.img")]
        # An emulated timer can miss the kernel's check when the machine is busy. After a panic QEMU exits (-no-reboot).
        options = "console=ttyS0 loglevel=4 systemd.show_status=0 no_timer_check panic=-1"
        line += ["-append", f"root=/dev/vda rw {options} {append}"]
        line += ["-drive", f"file={self.disk},format=raw,if=virtio,cache=writeback"]
        line += self._folder("share", self.share) + self._folder("bench", HOME / "bench", ",readonly=on")
        # exec: `nice` becomes QEMU, so that its pid is the one to kill
        self.qemu = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(self.work / "qemu", "ab"))
        self._wait(self.share / "ready", BOOT_LIMIT, "the guest did not boot")

    @staticmethod
    def _folder(tag: str, folder: Path, more: str = "") -> list[str]:
        return ["-virtfs", f"local,path={folder},mount_tag={tag},security_model=none{more}"]

    def _wait(self, file: Path, limit: float, what: str) -> None:
        end = time.monotonic() + limit
        while not file.exists():
            if self.qemu is None or self.qemu.poll() is not None:
                raise GuestError(f"{what}: QEMU exited; see {self.work / 'qemu'} and {self.work / 'console'}")
            if time.monotonic() > end:
                raise GuestError(f"{what} within {limit:.0f} s; see {self.work / 'console'}")
            time.sleep(0.2)

    def start(self, script: str) -> int:
        """Hand in a job, a script for root, without waiting for it."""
        number = next(self.numbers)
        part = self.share / "script.part"
        part.write_text(script)
        part.rename(self.share / f"{number}.sh")
        return number

    def result(self, number: int, limit: float = 1800.0) -> tuple[int, str]:
        """Exit status and output of a job."""
        self._wait(self.share / f"{number}.rc", limit, f"job {number} did not end")
        return int((self.share / f"{number}.rc").read_text()), (self.share / f"{number}.out").read_text(errors="replace")

    def run(self, script: str, limit: float = 1800.0) -> tuple[int, str]:
        return self.result(self.start(script), limit)

    def cut(self) -> None:
        """Cut its power. A job that it was running has ended: the next boot must not begin it again."""
        if self.qemu is not None:
            self.qemu.kill()
            self.qemu.wait()
            self.qemu = None
        for job in self.share.glob("*.sh"):
            if not job.with_suffix(".rc").exists():
                job.with_suffix(".rc").write_text("137\n")

    def close(self) -> None:
        self.cut()
