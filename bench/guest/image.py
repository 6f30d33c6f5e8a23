"""The guest's disk: Debian with systemd, a kernel, pytest and two users, built once and kept.

Two stages, each kept under the hash of what made it, so that a build that was stopped goes on with the last whole stage:
the packages (a tar file), and the disk with the guest's own settings.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SUITE = "bookworm"
PACKAGES = (
    "systemd,systemd-sysv,systemd-oomd,dbus,dbus-user-session,libpam-systemd,udev,kmod,procps,util-linux,iproute2,"
    "passwd,e2fsprogs,zstd,linux-image-amd64,python3,python3-pytest,python3-pytest-xdist"
)
DISK = "4G"
TOOLS = {"mmdebstrap": "mmdebstrap", "mke2fs": "e2fsprogs", "qemu-system-x86_64": "qemu-system-x86"}

#: Runs in the unpacked system. No account has a password: nobody can log in, jobs come over the shared folder.
SETTINGS = r"""
set -eu
for user in dev other; do useradd --create-home --shell /bin/bash "$user"; done
passwd --lock root >/dev/null
echo guest > /etc/hostname
cat > /etc/fstab <<'F'
/dev/vda / ext4 defaults 0 1
share /share 9p trans=virtio,version=9p2000.L,rw,msize=262144,cache=none 0 0
bench /opt/bench 9p trans=virtio,version=9p2000.L,ro,msize=262144,cache=none 0 0
F
mkdir -p /share /opt/bench
cat > /usr/local/sbin/jobs <<'F'
#!/bin/bash
# Run /share/N.sh one after the other; the output goes to N.out, then the exit status to N.rc.
rm -f /share/ready.part
cat /proc/sys/kernel/random/boot_id > /share/ready.part && mv /share/ready.part /share/ready
while :; do
  for job in $(ls /share/*.sh 2>/dev/null | sort -V); do
    name=${job%.sh}
    [ ! -e "$name.rc" ] || continue
    bash "$job" > "$name.out" 2>&1 < /dev/null
    echo $? > "$name.part" && mv "$name.part" "$name.rc"
  done
  sleep 1
done
F
chmod +x /usr/local/sbin/jobs
cat > /etc/systemd/system/jobs.service <<'F'
[Unit]
After=multi-user.target share.mount opt-bench.mount
Requires=share.mount opt-bench.mount
[Service]
ExecStart=/usr/local/sbin/jobs
F
mkdir -p /etc/systemd/system/multi-user.target.wants
ln -sf /etc/systemd/system/jobs.service /etc/systemd/system/multi-user.target.wants/jobs.service
systemctl mask systemd-oomd.service >/dev/null 2>&1
sed -i 's/^MODULES=.*/MODULES=list/' /etc/initramfs-tools/initramfs.conf
printf '9p\n9pnet_virtio\nvirtio_blk\nvirtio_pci\next4\ncrc32c_generic\n' >> /etc/initramfs-tools/modules
update-initramfs -u >/dev/null
"""


class Missing(Exception):
    """The guest cannot be made here; the text says what is missing."""


def tools() -> None:
    """Stop early when something is missing."""
    absent = [package for tool, package in TOOLS.items() if not shutil.which(tool)]
    if absent:
        raise Missing(f"install {' '.join(absent)} (apt-get install)")
    if os.geteuid():
        raise Missing("the image is built as root, for its files' owners: run it with sudo once")


def cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "plimsoll-guest"


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def packages(names: str, say) -> Path:
    """A tar file with a small Debian and these packages of it."""
    kept = cache() / f"packages-{_key(SUITE, names)}.tar"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        say(f"downloading Debian {SUITE} into {kept}")
        part = kept.with_suffix(".part.tar")
        _run("mmdebstrap", "--quiet", "--variant=minbase", f"--include={names}", SUITE, str(part))
        part.rename(kept)
    return kept


def build(say) -> Path:
    """The folder with `disk.img`, `vmlinuz` and `initrd.img`."""
    ready = cache() / f"image-{_key(SUITE, PACKAGES, SETTINGS, DISK)}"
    if ready.is_dir():
        return ready
    tools()
    debian = packages(PACKAGES, say)
    say(f"making the disk in {ready}")
    with tempfile.TemporaryDirectory(prefix="image-", dir=cache()) as work:
        _disk(debian, Path(work))
        shutil.rmtree(Path(work, "root"))
        os.rename(work, ready)
        os.mkdir(work)  # for the context manager to remove
    return ready


def _disk(debian: Path, work: Path) -> None:
    root = work / "root"
    root.mkdir()
    _run("tar", "-xf", str(debian), "-C", str(root), "--numeric-owner")
    _run("chroot", str(root), "sh", "-c", SETTINGS)
    for name in ("vmlinuz", "initrd.img"):
        shutil.copy2((root / name).resolve() if not (root / name).is_symlink() else root / os.readlink(root / name).lstrip("/"), work / name)
    _run("mke2fs", "-q", "-t", "ext4", "-d", str(root), str(work / "disk.img"), DISK)


def _run(*line: str) -> None:
    done = subprocess.run(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})
    if done.returncode:
        raise Missing(f"{line[0]} failed with {done.returncode}:\n{done.stdout[-2000:]}")
