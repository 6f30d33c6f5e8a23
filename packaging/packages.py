"""packages.py CHECKOUT IMAGE OUTPUT [KIND]: pack the image as tar.gz, wheel and .deb, and the plugin alone as the wheel for other
systems; or only those of one kind: tar, wheel or deb.

Every file gets the same time, owner and order, so that equal contents make equal packages.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Iterable, NamedTuple

#: The program needs symbols of glibc 2.17 at most.
GLIBC = "2.17"
MACHINE = platform.machine()
DEBIAN = {"x86_64": "amd64", "aarch64": "arm64"}
NAME = "pytest-plimsoll"
SUMMARY = "Run pytest and Playwright suites in parallel, as fast as the machine's memory safely allows"


class Content(NamedTuple):
    """A file of a package: its path there, its bytes and its mode."""

    path: str
    data: bytes
    mode: int


def content_of(folder: Path, prefix: str) -> list[Content]:
    """The files below a folder, in the order of their names."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            mode = 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644
            found.append(Content(f"{prefix}{path.relative_to(folder).as_posix()}", path.read_bytes(), mode))
    return found


class Release:
    """What all packages of a version have in common."""

    def __init__(self, checkout: Path, image: Path, output: Path) -> None:
        pom = (checkout / "pom.xml").read_text("utf-8")
        self.version = re.search(r"<artifactId>plimsoll</artifactId>\s*<version>(.+?)</version>", pom)[1]
        self.checkout, self.image, self.output = checkout, image, output
        self.epoch = 1_767_225_600  # 2026-01-01: a time that zip can hold, before any use of the files

    def tar(self) -> Path:
        """The folder as it is, for people who have neither pip nor dpkg."""
        name = f"plimsoll-{self.version}-linux-{MACHINE}"
        raw = io.BytesIO()
        with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for file in content_of(self.image, f"{name}/"):
                entry = tarfile.TarInfo(file.path)
                entry.size, entry.mode, entry.mtime = len(file.data), file.mode, self.epoch
                tar.addfile(entry, io.BytesIO(file.data))
        path = self.output / f"{name}.tar.gz"
        path.write_bytes(gzip.compress(raw.getvalue(), 9, mtime=0))
        return path

    def wheels(self) -> list[Path]:
        """The wheel with the program for this machine, and the one for every other."""
        data = f"{NAME.replace('-', '_')}-{self.version}.data"
        launcher = (self.image / "bin/plimsoll").read_bytes()
        program = [file for file in content_of(self.image, f"{data}/data/lib/plimsoll/") if "/bin/plimsoll" not in file.path]
        glibc = GLIBC.replace(".", "_")
        tag = f"py3-none-manylinux_{glibc}_{MACHINE}.manylinux2014_{MACHINE}"
        licence = "Apache-2.0 AND GPL-2.0-only WITH Classpath-exception-2.0"
        return [
            self._wheel(tag, [*program, Content(f"{data}/scripts/plimsoll", launcher, 0o755)], licence),
            self._wheel("py3-none-any", [], "Apache-2.0"),
        ]

    def _wheel(self, tag: str, program: Iterable[Content], licence: str) -> Path:
        stem = f"{NAME.replace('-', '_')}-{self.version}"
        info = f"{stem}.dist-info"
        files = [
            *content_of(self.checkout / "src/main/pip", ""), *program,
            Content(f"{info}/licenses/LICENSE", (self.checkout / "LICENSE").read_bytes(), 0o644),
            Content(f"{info}/METADATA", self._metadata(licence), 0o644),
            Content(f"{info}/WHEEL", _wheel_file(tag), 0o644),
            Content(f"{info}/entry_points.txt", b"[pytest11]\nplimsoll = pytest_plimsoll.plugin\n", 0o644),
        ]
        records = "".join(f"{file.path},sha256={_digest(file.data)},{len(file.data)}\n" for file in files)
        files.append(Content(f"{info}/RECORD", f"{records}{info}/RECORD,,\n".encode(), 0o644))
        path = self.output / f"{stem}-{tag}.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for file in files:
                entry = zipfile.ZipInfo(file.path, (1980, 1, 1, 0, 0, 0))
                entry.create_system = 3
                entry.external_attr = (stat.S_IFREG | file.mode) << 16
                archive.writestr(entry, file.data, zipfile.ZIP_DEFLATED, 9)
        return path

    def _metadata(self, licence: str) -> bytes:
        head = [
            "Metadata-Version: 2.4", f"Name: {NAME}", f"Version: {self.version}", f"Summary: {SUMMARY}",
            f"License-Expression: {licence}", "License-File: LICENSE", "Requires-Python: >=3.9",
            "Keywords: pytest,parallel,memory,xdist,playwright", "Classifier: Framework :: Pytest",
            "Classifier: Environment :: Console", "Classifier: Topic :: Software Development :: Testing",
            "Classifier: Programming Language :: Python :: 3", "Description-Content-Type: text/markdown",
        ]
        readme = (self.checkout / "README.md").read_text("utf-8")
        return ("\n".join(head) + "\n\n" + readme).encode()

    def deb(self) -> Path:
        """The folder in /usr/lib, and a link to its launcher in /usr/bin."""
        with tempfile.TemporaryDirectory() as work:
            root = Path(work) / "root"
            root.mkdir(mode=0o755)
            folder = root / "usr/lib/plimsoll"
            shutil.copytree(self.image, folder)
            (root / "usr/bin").mkdir()
            (root / "usr/bin/plimsoll").symlink_to("../lib/plimsoll/bin/plimsoll")
            doc = root / "usr/share/doc/plimsoll"
            doc.mkdir(parents=True)
            shutil.move(folder / "LICENSE", doc / "copyright")
            _move_shared(folder / "share", root / "usr/share")
            size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) // 1024
            control = root / "DEBIAN/control"
            control.parent.mkdir()
            template = (self.checkout / "packaging/control.in").read_text("utf-8")
            control.write_text(template.format(version=self.version, machine=DEBIAN[MACHINE], size=size, glibc=GLIBC), "utf-8")
            sums = [
                f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n"
                for path in sorted((root / "usr").rglob("*")) if path.is_file() and not path.is_symlink()
            ]
            (root / "DEBIAN/md5sums").write_text("".join(sums), "utf-8")
            for path in [root, *root.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
                os.utime(path, (self.epoch, self.epoch), follow_symlinks=False)
            result = self.output / f"plimsoll_{self.version}_{DEBIAN[MACHINE]}.deb"
            subprocess.run(
                ["dpkg-deb", "-Zxz", "-z9", "--threads-max=1", "--root-owner-group", "--build", str(root), str(result)],
                check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SOURCE_DATE_EPOCH": str(self.epoch)})
            return result


def _move_shared(share: Path, place: Path) -> None:
    """Put completion scripts and man pages where the shells and man look for them."""
    for name, target in {
            "bash/plimsoll": "bash-completion/completions", "zsh/_plimsoll": "zsh/vendor-completions",
            "fish/plimsoll.fish": "fish/vendor_completions.d"}.items():
        (place / target).mkdir(parents=True)
        shutil.move(share / "completions" / name, place / target)
    shutil.rmtree(share / "completions")
    (place / "man/man1").mkdir(parents=True)
    for page in sorted((share / "man1").iterdir()):
        (place / "man/man1" / f"{page.name}.gz").write_bytes(gzip.compress(page.read_bytes(), 9, mtime=0))
    shutil.rmtree(share / "man1")


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _wheel_file(tag: str) -> bytes:
    python, abi, platforms = tag.split("-")
    lines = ["Wheel-Version: 1.0", "Generator: plimsoll", f"Root-Is-Purelib: {str(platforms == 'any').lower()}"]
    lines += [f"Tag: {python}-{abi}-{one}" for one in platforms.split(".")]
    return ("\n".join(lines) + "\n").encode()


def main(checkout: str, image: str, output: str, kind: str = "") -> None:
    release = Release(Path(checkout), Path(image), Path(output))
    makers = {"tar": lambda: [release.tar()], "wheel": release.wheels, "deb": lambda: [release.deb()]}
    made = sorted(path for name, make in makers.items() if kind in ("", name) for path in make())
    sums = ""
    for path in made:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        sums += f"{digest}  {path.name}\n"
        print(f"{path.stat().st_size / 1e6:6.1f} MB  {path}")
    (release.output / "SHA256SUMS").write_text(sums, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
