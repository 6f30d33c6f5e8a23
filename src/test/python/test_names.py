"""Every global name that the plugin's code uses exists: a merge that loses an import is found here, not in a user's run."""

from __future__ import annotations

import builtins
import pkgutil
import symtable
from pathlib import Path
from typing import Iterator

import pytest

import plimsoll_pytest

MODULES = [module.name for module in pkgutil.iter_modules(plimsoll_pytest.__path__)]


def globals_used(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_global() and symbol.is_referenced():
            yield symbol.get_name()
    for child in table.get_children():
        yield from globals_used(child)


@pytest.mark.parametrize("name", MODULES)
def test_every_global_name_of_a_module_is_defined(name: str) -> None:
    source = Path(plimsoll_pytest.__path__[0], name + ".py")
    tree = symtable.symtable(source.read_text(encoding="utf-8"), str(source), "exec")
    own = {symbol.get_name() for symbol in tree.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    own |= {child.get_name() for child in tree.get_children()}
    unknown = set(globals_used(tree)) - own - set(dir(builtins)) - {"__file__", "__name__", "__path__"}
    assert not unknown
