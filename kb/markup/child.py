"""The process that renders: reads requests from its input and answers on its output until the input ends.

A frame is four bytes of length and as many of JSON. The first frame sent is empty: it says that everything is
loaded. Standard output belongs to the frames; whatever else is printed goes to the log.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import struct
import sys
import traceback
from typing import BinaryIO

from kb.markup.composing import composed

MEMORY = 1536 * 1024 * 1024


def main() -> None:
    """Answer until nobody asks any more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    questions = sys.stdin.buffer
    _restrict()
    _send(answers, {})
    while (request := _receive(questions)) is not None:
        source, timeout = request
        # Should the asking process be gone, nobody stops a rendering without end: the alarm ends this process.
        signal.setitimer(signal.ITIMER_REAL, timeout + 1)
        _send(answers, _answer(source))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _restrict() -> None:
    """No more memory than a page can need, no core file, no death by the terminal's Ctrl-C, which is the server's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(source: str) -> dict[str, object]:
    try:
        html, text, headings = composed(source)
    except Exception:  # noqa: BLE001 - a page that cannot be rendered is shown as written, and the reason is told
        return {"failure": traceback.format_exc(limit=-5)}
    return {
        "html": html,
        "text": text,
        "headings": [(heading.level, heading.id, heading.text) for heading in headings],
    }


def _receive(questions: BinaryIO) -> tuple[str, float] | None:
    head = questions.read(4)
    if len(head) < 4:
        return None
    request = json.loads(questions.read(struct.unpack(">I", head)[0]))
    return request["source"], request["timeout"]


def _send(answers: BinaryIO, answer: dict[str, object]) -> None:
    body = json.dumps(answer).encode()
    answers.write(struct.pack(">I", len(body)) + body)
    answers.flush()


if __name__ == "__main__":
    main()
