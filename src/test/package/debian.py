"""A root file system of Debian with Python and no more: no Java, no Maven, no network. A user without rights works in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Set

from installed import HOME, PACKAGES

sys.path.insert(0, str(HOME / "bench" / "guest"))

import image  # noqa: E402  (the Debian of the guest is made the same way)

DEV = 1000
INDEX = "/srv/index"
#: What a wheel is tried with; all of it is for each system and each Python.
SUITES = ("pytest", "networkx")

#: $0 is the root, $1 the user, $2 the folder; the rest is the command. The mounts end with the namespace.
ENTER = r"""
ip link set lo up; mount -t proc none "$0/proc"; mount --rbind /sys "$0/sys"; mount -t tmpfs none "$0/dev"; mkdir "$0/dev/shm"; chmod 1777 "$0/dev/shm"
for name in null zero full random urandom tty; do touch "$0/dev/$name"; mount --bind "/dev/$name" "$0/dev/$name"; done
user=$1 folder=$2; shift 2
exec chroot --userspec="$user:$user" --groups="$user" "$0" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$folder" \
  sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
"""


class Root:
    """One copy of it. The packages and the suites lie in a folder, as in a local index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        tar = image.packages("python3,python3-venv", print)
        subprocess.run(["tar", "-xf", tar, "-C", folder, "--numeric-owner", "--exclude=./dev/*"], check=True)
        subprocess.run(["chroot", folder, "useradd", "--uid", str(DEV), "--create-home", "dev"], check=True)
        index = folder / INDEX.lstrip("/")
        subprocess.run(["cp", "-r", _suites(), index], check=True)
        subprocess.run(["cp", *PACKAGES.glob("*.whl"), *PACKAGES.glob("*.deb"), index], check=True)
        subprocess.run(["chmod", "-R", "a+rX", folder / "srv"], check=True)

    def run(self, *line: object, user: int = DEV, folder: str = "/home/dev") -> "subprocess.CompletedProcess[str]":
        around = ["unshare", "--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child"]
        return subprocess.run([*around, "sh", "-ec", ENTER, str(self.folder), str(user), folder, *map(str, line)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1800)

    def done(self, *line: object, user: int = DEV, folder: str = "/home/dev") -> str:
        result = self.run(*line, user=user, folder=folder)
        assert result.returncode == 0, f"{line}: exit {result.returncode}\n{result.stdout[-3000:]}{result.stderr[-3000:]}"
        return result.stdout
    

    def copy(self, source: Path, name: str) -> str:
        """A project that belongs to the user."""
        target = self.folder / "home/dev" / name
        subprocess.run(["cp", "-r", source, target], check=True)
        subprocess.run(["rm", "-rf", target / ".plimsoll"], check=True)
        subprocess.run(["chown", "-R", f"{DEV}:{DEV}", target], check=True)
        return f"/home/dev/{name}"

    def files(self) -> Set[str]:
        return {os.path.join(folder, name)[len(str(self.folder)):]
                for folder, folders, names in os.walk(self.folder) for name in (*folders, *names)}


def _suites() -> Path:
    """The wheels of the suites, as this machine's pip gets them; kept."""
    folder = image.cache() / f"index-{'-'.join(SUITES)}"
    if not folder.is_dir():
        part = folder.with_suffix(".part")
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--only-binary=:all:", "--python-version=3.11",
                        "-d", part, *SUITES], check=True)
        part.rename(folder)
    return folder
