"""Rendering in a process of its own, which is stopped when it takes too long.

A regular expression that runs wild cannot be interrupted from within, so each serving process keeps one child that
renders for it, and kills it at the limit; the next page gets a new one. A page is never refused: what could not be
rendered is shown as written.
"""

from __future__ import annotations

import atexit
import html
import json
import logging
import os
import re
import selectors
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from kb.markup.rendered import Heading, Rendered

_ROOT = Path(__file__).resolve().parents[2]
_STARTING = 30.0  # seconds a child may take to load, on a machine that does much else
_NOT_CHARACTERS = re.compile("[\x00\ud800-\udfff]")
_CHUNK = 1 << 20
_log = logging.getLogger(__name__)


class RendererUnavailable(RuntimeError):
    """The process that renders cannot be started; the reason is on the error output."""


class _TimedOut(Exception):
    pass


class _Died(Exception):
    pass


def render(source: str, *, timeout: float = 3.0) -> Rendered:
    """Render Markdown within `timeout` seconds.

    Raises:
        RendererUnavailable: there is no way to render at all.
    """
    started = time.monotonic()
    source = _NOT_CHARACTERS.sub("\ufffd", source)
    answer = _RENDERER.ask(source, timeout)
    took = time.monotonic() - started
    if answer is None:
        return _as_written(source, took)
    headings = tuple(Heading(level, id_, text) for level, id_, text in answer["headings"])
    return Rendered(answer["html"], answer["text"], headings, plain=False, took=took)


def _as_written(source: str, took: float) -> Rendered:
    shown = html.escape(source, quote=False)
    return Rendered(f'<div class="prose-plain">{shown}</div>', source, (), plain=True, took=took)


class _Child:
    """One rendering process, and the pipes to it."""

    def __init__(self) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kb.markup.child"],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
            )
        except OSError as error:
            raise RendererUnavailable(str(error)) from error
        self._questions, self._answers = _pipe(self._process.stdin), _pipe(self._process.stdout)
        try:
            self._exchange(b"", time.monotonic() + _STARTING)
        except (_TimedOut, _Died) as error:
            self.end()
            raise RendererUnavailable(
                f"the rendering process left with {self._process.returncode}"
            ) from error

    def ask(self, source: str, timeout: float) -> dict[str, Any]:
        body = json.dumps({"source": source, "timeout": timeout}).encode()
        answer: dict[str, Any] = json.loads(
            self._exchange(struct.pack(">I", len(body)) + body, time.monotonic() + timeout)
        )
        return answer

    def _exchange(self, question: bytes, deadline: float) -> bytes:
        """Send everything and return the next frame's body."""
        left, received = memoryview(question), bytearray()
        with selectors.DefaultSelector() as pipes:
            pipes.register(self._answers, selectors.EVENT_READ)
            if left:
                pipes.register(self._questions, selectors.EVENT_WRITE)
            while len(received) < 4 or len(received) < 4 + struct.unpack_from(">I", received)[0]:
                ready = pipes.select(max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise _TimedOut
                for key, _ in ready:
                    if key.fileobj is self._answers:
                        received += self._read()
                    else:
                        left = left[self._write(left[:_CHUNK]) :]
                        if not left:
                            pipes.unregister(self._questions)
        return bytes(received[4:])

    def _read(self) -> bytes:
        chunk = os.read(self._answers.fileno(), _CHUNK)
        if not chunk:
            raise _Died
        return chunk

    def _write(self, part: memoryview) -> int:
        try:
            return os.write(self._questions.fileno(), part)
        except BrokenPipeError:
            raise _Died from None

    def end(self) -> None:
        """Kill it, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self.leave()

    def leave(self) -> None:
        """Close the pipes: the child ends when the last process that holds them has done so."""
        self._questions.close()
        self._answers.close()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RendererUnavailable("the rendering process has no pipes")
    os.set_blocking(pipe.fileno(), False)
    return pipe


class _Renderer:
    """The child of this process, started when first needed; one page at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def ask(self, source: str, timeout: float) -> dict[str, Any] | None:
        """The answer for a page; None when it took too long or cannot be rendered, which the log says."""
        with self._lock:
            for _ in range(2):  # a child may have died unnoticed since the last page
                self._child = self._child or _Child()
                try:
                    answer = self._child.ask(source, timeout)
                except _TimedOut:
                    _log.warning("Rendering %d characters was stopped after %.1f s", len(source), timeout)
                    self.end()
                    return None
                except _Died:
                    self.end()
                    continue
                if "failure" in answer:
                    _log.error("Rendering %d characters failed: %s", len(source), answer["failure"])
                    return None
                return answer
        _log.error("Rendering %d characters ended the rendering process, twice", len(source))
        return None

    def end(self) -> None:
        """End the child; the next page starts another."""
        child, self._child = self._child, None
        if child:
            child.end()

    def forget(self) -> None:
        """After a fork: the child and whoever holds the lock belong to the other process."""
        child, self._child = self._child, None
        self._lock = threading.Lock()
        if child:
            child.leave()


_RENDERER = _Renderer()
os.register_at_fork(after_in_child=_RENDERER.forget)
atexit.register(_RENDERER.end)
