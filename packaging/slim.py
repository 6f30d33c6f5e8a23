"""slim.py JAR PREFIX...: leave out what begins with one of the prefixes."""

from __future__ import annotations

import os
import sys
import zipfile


def main(jar: str, prefixes: tuple[str, ...]) -> None:
    with zipfile.ZipFile(jar) as old, zipfile.ZipFile(f"{jar}.part", "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            if not entry.filename.startswith(prefixes):
                kept = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
                new.writestr(kept, old.read(entry))
    os.replace(f"{jar}.part", jar)


if __name__ == "__main__":
    main(sys.argv[1], tuple(sys.argv[2:]))
