import statistics
import time


def test_search_answers_in_time(get):
    times = []
    for _ in range(150):
        start = time.perf_counter()
        get("/search/anchor")
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 2
