"""Machines as network namespaces on one bridge: each with a process tree, a host name, a memory cgroup and a checkout of its own.

Needs root. A machine ends as a whole when its first process is killed, as one without power.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import List, Optional

V1 = Path("/sys/fs/cgroup/memory")


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Network:
    """A bridge inside a namespace of its own, so that this machine's network stays as it is."""

    def __init__(self) -> None:
        self.name = f"plim{os.getpid()}"
        self.spaces: List[str] = []
        self.cgroup = (V1 if V1.is_dir() else Path("/sys/fs/cgroup")) / self.name
        self.add(f"{self.name}b")
        run("ip", "-n", f"{self.name}b", "link", "add", "bridge", "type", "bridge")
        run("ip", "-n", f"{self.name}b", "link", "set", "bridge", "up")
        self.cgroup.mkdir()
        if not V1.is_dir():
            (self.cgroup / "cgroup.subtree_control").write_text("+memory")

    def add(self, space: str) -> None:
        run("ip", "netns", "add", space)
        self.spaces.append(space)
        run("ip", "-n", space, "link", "set", "lo", "up")

    def machine(self, number: int) -> str:
        """The namespace of a machine with the address 10.77.0.NUMBER."""
        space, bridge = f"{self.name}m{number}", f"{self.name}b"
        self.add(space)
        run("ip", "-n", bridge, "link", "add", f"port{number}", "type", "veth", "peer", "name", "eth0", "netns", space)
        run("ip", "-n", bridge, "link", "set", f"port{number}", "master", "bridge", "up")
        run("ip", "-n", space, "addr", "add", f"10.77.0.{number}/24", "dev", "eth0")
        run("ip", "-n", space, "link", "set", "eth0", "up")
        return space

    def link(self, number: int, state: str) -> None:
        run("ip", "-n", f"{self.name}b", "link", "set", f"port{number}", state)

    def close(self) -> None:
        for space in reversed(self.spaces):
            subprocess.run(["ip", "netns", "del", space], check=False)
        for folder in [*(path for path, _, _ in os.walk(self.cgroup, topdown=False))]:
            Path(folder).rmdir()


class Machine:
    """A name, an address and, where it is limited, memory. `up` starts it with one program, `down` takes its power away."""

    def __init__(self, network: Network, root: Path, number: int, name: str, memory: int = 0, source: Optional[Path] = None) -> None:
        self.network, self.number, self.name, self.root = network, number, name, root
        self.space = network.machine(number)
        self.address = f"10.77.0.{number}"
        self.source = source
        self.cgroup = network.cgroup / name
        self.cgroup.mkdir()
        if memory:
            limit = "memory.limit_in_bytes" if V1.is_dir() else "memory.max"
            (self.cgroup / limit).write_text(str(memory))
        self.process: Optional["subprocess.Popen[bytes]"] = None
        self.starts = 0

    def up(self, *command: str) -> None:
        """Start it: with its own checkout and home at the paths that all machines have."""
        mounts = ""
        self.starts += 1
        if self.source:
            own = self.root / f"{self.name}-{self.starts}"
            shutil.copytree(self.source, own / "project")
            for name in ("home", "runtime"):
                (own / name).mkdir(mode=0o700)
                (self.root / name).mkdir(mode=0o700, exist_ok=True)
            mounts = "".join(f"mount --bind {own}/{name} {self.root}/{name}; " for name in ("project", "home", "runtime"))
        # The first process stays a shell, which also waits for processes that lost their parents.
        script = f"set -e; echo 0 > {self.cgroup}/cgroup.procs; hostname {self.name}; {mounts}\"$@\" & while :; do wait; sleep 1; done"
        with open(self.root / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                ["nsenter", f"--net=/run/netns/{self.space}", "unshare", "--uts", "--pid", "--mount", "--fork", "--kill-child",
                 "--mount-proc", "sh", "-c", script, "sh", *command], stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def down(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
            end = time.monotonic() + 20
            while self.alive() and time.monotonic() < end:
                time.sleep(0.05)

    def alive(self) -> bool:
        return any(Path(folder, "cgroup.procs").read_text() for folder, _, _ in os.walk(self.cgroup))

    def run(self, *command: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """A command in its network, outside of its processes."""
        return subprocess.run(["nsenter", f"--net=/run/netns/{self.space}", *command], capture_output=True, text=True,
                              env={**os.environ, **environ}, cwd=self.source)
