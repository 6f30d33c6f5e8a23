# Non-daemon threads and pool submissions finish before a Python process ends; so must a worker's.
import os
import pathlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

OUT = pathlib.Path(os.environ["LEFT"])
POOL = ThreadPoolExecutor(1)


def late(name):
    time.sleep(0.7)
    (OUT / name).write_text("done")


def test_leaves_a_thread():
    threading.Thread(target=late, args=("thread",)).start()


def test_leaves_work_in_a_pool():
    POOL.submit(late, "pool")
