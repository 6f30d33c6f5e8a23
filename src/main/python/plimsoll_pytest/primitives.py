"""Python's own functions as they are when the plugin is loaded, before anything of the project is.

A test may replace any of them (`mock.patch("os.getpid")`), for a while or for good, and what runs the tests must not
depend on it. So the plugin's modules take what they use from here:

    from plimsoll_pytest.primitives import BUILTINS as __builtins__
    from plimsoll_pytest.primitives import os, time

A module that names its builtins so has those of that moment, also in its functions. Sockets are `_socket.socket`, whose
methods cannot be replaced as those of `socket.socket` can.
"""

from __future__ import annotations

import builtins
import json as _json
import os as _os
import resource as _resource
import select as _select
import threading as _threading
import time as _time
from types import ModuleType
from typing import Any, Dict


class Taken:
    """What a module contains now. It is no module and holds its functions as attributes, since pyfakefs and freezegun
    replace modules and functions wherever another module has them."""

    def __init__(self, module: ModuleType) -> None:
        self.__dict__.update(vars(module))


BUILTINS: Dict[str, Any] = dict(vars(builtins))
os: Any = Taken(_os)
resource: Any = Taken(_resource)
select: Any = Taken(_select)
threading: Any = Taken(_threading)
time: Any = Taken(_time)
decode_json = _json.JSONDecoder().decode
JSONEncoder = _json.JSONEncoder
