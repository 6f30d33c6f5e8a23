"""Our own bytecode is kept, also where PYTHONDONTWRITEBYTECODE is set: it lies in a folder of ours, and to compile all
modules at every start takes longer than to load them.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Generator


@contextlib.contextmanager
def kept() -> Generator[None, None, None]:
    """For imports of our own modules."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = False
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
