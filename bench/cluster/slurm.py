"""A real Slurm on machines of `machines.py`: a controller and nodes, each with its daemon."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Dict, List

from machines import Machine

CONF = """\
ClusterName=plimsoll
SlurmctldHost={controller.name}({controller.address})
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={root}/munge/socket
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/spool-%n
SlurmctldPidFile={root}/slurmctld.pid
SlurmdPidFile={root}/slurmd-%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
{nodes}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class Slurm:
    def __init__(self, root: Path, controller: Machine, nodes: Dict[Machine, int]) -> None:
        """:param nodes: and the MiB that each gives to jobs"""
        self.root, self.controller, self.nodes = root, controller, list(nodes)
        self.conf = root / "slurm.conf"
        lines = "\n".join(f"NodeName={node.name} NodeAddr={node.address} CPUs=2 RealMemory={memory}" for node, memory in nodes.items())
        self.conf.write_text(CONF.format(root=root, controller=controller, nodes=lines))
        munge = root / "munge"
        munge.mkdir(mode=0o711)
        (munge / "key").write_bytes(os.urandom(128))
        (munge / "key").chmod(0o600)
        self.munged = subprocess.Popen(
            ["munged", "--foreground", "--force", f"--key-file={munge}/key", f"--socket={munge}/socket", f"--pid-file={munge}/pid",
             f"--log-file={munge}/log", f"--seed-file={munge}/seed"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (root / "state").mkdir()
        self.start_controller()
        for node in self.nodes:
            self.start(node)
        for node in self.nodes:
            self.until(node, "idle")

    def start_controller(self) -> None:
        self.controller.up("slurmctld", "-D", "-f", str(self.conf))

    def start(self, node: Machine) -> None:
        (self.root / f"spool-{node.name}").mkdir(exist_ok=True)
        node.up("slurmd", "-D", "-N", node.name, "-f", str(self.conf))

    def ask(self, *command: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return self.controller.run(*command, SLURM_CONF=str(self.conf), **environ)

    def states(self) -> List[str]:
        """One line a task: its number, its state, how often it started again, and its node."""
        lines = self.ask("squeue", "-a", "-r", "-h", "-t", "all", "-O", "ArrayTaskID:8,State:14,RestartCnt:6,NodeList:12").stdout
        return [" ".join(line.split()) for line in lines.splitlines()]

    def until(self, node: Machine, state: str, limit: float = 60) -> None:
        end = time.monotonic() + limit
        while state not in self.ask("sinfo", "-h", "-n", node.name, "-o", "%T").stdout:
            assert time.monotonic() < end, self.ask("sinfo").stdout + self.ask("sinfo", "-R").stdout
            time.sleep(0.2)

    def close(self) -> None:
        for machine in [*self.nodes, self.controller]:
            machine.down()
        self.munged.kill()
        self.munged.wait()
