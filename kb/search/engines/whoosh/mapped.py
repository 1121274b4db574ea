"""Whoosh's files read where they are mapped. Its own reader copies a whole segment to the heap before it reads a byte."""

from __future__ import annotations

import os
from typing import Any

from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile


class Window:
    """What reads a piece of mapped memory as a file is read, copying only what was asked for."""

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        end = len(self._view) if size < 0 else self._at + size
        found = bytes(self._view[self._at : end])
        self._at += len(found)
        return found

    def readline(self) -> bytes:
        width = 128
        while True:
            piece = bytes(self._view[self._at : self._at + width])
            end = piece.find(b"\n") + 1
            if end or len(piece) < width:
                found = piece[:end] if end else piece
                self._at += len(found)
                return found
            width *= 4

    def seek(self, where: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._view)}[whence]
        self._at = base + where
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._view.release()


class MappedFile(StructFile):  # type: ignore[misc]
    """A file of a segment, as Whoosh's readers take it. `get` keeps no place, so threads may share it."""

    def __init__(self, view: memoryview, name: str) -> None:
        super().__init__(Window(view), name=name)
        self.view = view

    def get(self, position: int, length: int) -> bytes:
        return bytes(self.view[position : position + length])


class MappedSegment(CompoundStorage):  # type: ignore[misc]
    """A segment's one file, mapped; its parts are opened without copying."""

    def __init__(self, storage: FileStorage, name: str) -> None:
        super().__init__(storage.open_file(name), use_mmap=True)

    def open_file(self, name: str, *_args: Any, **_kwargs: Any) -> MappedFile:
        return MappedFile(self.view(name), name)

    def view(self, name: str) -> memoryview:
        """The bytes of one part."""
        start, length = self.range(name)
        return memoryview(self._source)[start : start + length]


def open_segment(storage: FileStorage, segment: Any) -> MappedSegment | FileStorage:
    """Where the files of a segment are read from; one that is not in one file is read as Whoosh does."""
    if not segment.is_compound():
        return storage
    return MappedSegment(storage, segment.make_filename(segment.COMPOUND_EXT))


def part(files: MappedSegment | FileStorage, name: str) -> memoryview | None:
    """The bytes of one file of a segment; none when there is no such file."""
    if isinstance(files, MappedSegment):
        return files.view(name) if files.file_exists(name) else None
    if not files.file_exists(name):
        return None
    with files.open_file(name) as file:
        return memoryview(file.read())
