"""Why a file gives no table at all."""

from __future__ import annotations


class Unreadable(Exception):
    """A file cannot be read as tables at all; `code` and `message` say why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
