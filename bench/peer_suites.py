"""Public suites whose outcomes are compared: their packages ship the tests, or Debian's source package has them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PeerSuite:
    """A suite: what pip installs for it, what pytest is given, and what of it needs a network or a display."""

    name: str
    packages: tuple[str, ...]
    arguments: tuple[str, ...]


def wheel(name: str, *modules: str, packages: tuple[str, ...] = (), more: tuple[str, ...] = ()) -> PeerSuite:
    return PeerSuite(name, packages or (name,), ("--pyargs", *modules, *more))


SUITES = [
    wheel("automat", "automat._test"),
    wheel("bottleneck", "bottleneck.tests"),
    wheel("croniter", "croniter.tests", packages=("croniter", "tzlocal", "pytz", "python-dateutil")),
    wheel("cytoolz", "cytoolz.tests"),
    wheel("ecdsa", "ecdsa.test_curves", "ecdsa.test_der", "ecdsa.test_numbertheory", packages=("ecdsa", "hypothesis")),
    wheel("h5py", "h5py.tests"),
    wheel("hyperlink", "hyperlink.test"),
    wheel("incremental", "incremental.tests", packages=("incremental", "twisted")),
    wheel("joblib", "joblib.test.test_hashing", "joblib.test.test_memory", "joblib.test.test_func_inspect"),
    wheel("mpmath", "mpmath.tests"),
    wheel("networkx", "networkx.classes.tests", "networkx.algorithms.tests"),
    wheel("ndindex", "ndindex.tests", packages=("ndindex", "numpy", "hypothesis")),
    wheel("nibabel", "nibabel.tests.test_arraywriters", "nibabel.tests.test_fileslice", "nibabel.tests.test_openers"),
    wheel("numpy", "numpy.lib.tests", "numpy.linalg.tests", packages=("numpy", "hypothesis")),
    wheel("pandas", "pandas.tests.io.parser", "pandas.tests.groupby", packages=("pandas", "hypothesis")),
    wheel("passlib", "passlib.tests.test_utils", "passlib.tests.test_context"),
    wheel("patsy", "patsy.test_build", "patsy.test_highlevel", "patsy.test_regressions", packages=("patsy", "scipy")),
    wheel("pint", "pint.testsuite"),
    wheel("pyerfa", "erfa.tests"),
    wheel("pyflakes", "pyflakes.test"),
    wheel("pywavelets", "pywt.tests"),
    wheel("scikit-learn", "sklearn.utils.tests.test_validation", "sklearn.tests.test_base"),
    wheel("scipy", "scipy.special.tests.test_basic", "scipy.sparse.tests.test_base"),
    wheel("shapely", "shapely.tests"),
    wheel("simplejson", "simplejson.tests"),
    wheel("sympy", "sympy.core.tests.test_arit", "sympy.core.tests.test_expr", "sympy.sets.tests"),
    wheel("tornado", "tornado.test"),
    wheel("trio", "trio._core._tests", "trio._tests.test_sync", "trio._tests.test_subprocess"),
    wheel("xarray", "xarray.tests.test_variable", "xarray.tests.test_concat", packages=("xarray", "pytz")),
    wheel("zope-interface", "zope.interface.tests", "zope.interface.common.tests",
          more=("--ignore-glob=/*/test_ro.py",)),  # imports zope.testing, which pip does not have here
]
