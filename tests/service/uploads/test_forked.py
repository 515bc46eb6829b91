"""Work in forked processes comes to the same as work in one."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

HEAD = """
import os
import numpy as np
from service.uploads import forked

heard = []
parts = np.array_split(np.arange(100), 11)
here = os.getpid()
"""


def run(body: str) -> str:
    """In a process of its own: pytest has threads, and must not be forked."""
    code = HEAD + textwrap.dedent(body)
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return ended.stdout


def test_every_group_is_worked_on_once() -> None:
    told = run("""
        spread = forked.spread(lambda *share: heard.append(share))
        found = np.sort(np.concatenate(list(spread(lambda rows: rows * 2, parts))))
        print(found.tolist() == list(range(0, 200, 2)), heard[-1], len(heard))
    """)
    assert told.strip() == "True (11, 11) 11"


def test_what_a_child_could_not_do_is_done_here() -> None:
    told = run("""
        def work(rows):
            if os.getpid() != here:
                os._exit(9)
            return rows
        found = list(forked.spread(lambda *_: None)(work, parts))
        print(sorted(np.concatenate(found).tolist()) == list(range(100)))
    """)
    assert told.strip() == "True"


def test_a_child_holds_none_of_its_parents_files() -> None:
    told = run("""
        for _ in range(3):
            held = os.open("/dev/null", os.O_RDONLY)
        def work(rows):
            try:
                os.fstat(held)
                return rows
            except OSError:
                return rows[:0]
        found = list(forked.spread(lambda *_: None)(work, parts))
        print(sum(map(len, found)) < 100)
    """)
    assert told.strip() == "True" or (os.cpu_count() or 1) < 2


def test_a_process_with_threads_is_not_forked() -> None:
    told = run("""
        import threading
        ended = threading.Event()
        threading.Thread(target=ended.wait).start()
        found = forked.spread(lambda *_: None)(lambda rows: rows + os.getpid(), parts)
        print(np.array_equal(np.concatenate(list(found)), np.arange(100) + here))
        ended.set()
    """)
    assert told.strip() == "True"
