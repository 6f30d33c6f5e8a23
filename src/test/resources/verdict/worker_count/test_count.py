# Run with 4 workers and 2 tests: each worker is given the number that was asked for, even if fewer have started.
import os

import pytest


@pytest.mark.parametrize("n", range(2))
def test_count(n, request):
    assert os.environ["PYTEST_XDIST_WORKER_COUNT"] == "4"
    assert getattr(request.config, "workerinput", {"workercount": 4})["workercount"] == 4
