"""What is written in bulk is what Whoosh's own reader finds, however many terms there are and however often each stands."""

from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashReader
from whoosh.index import FileIndex

from kb.search.engines.whoosh import WhooshEngine
from kb.search.engines.whoosh.postings import blocks, numbers_of, positions_of, weights_of
from kb.search.engines.whoosh.snapshot import INDEX_NAME
from kb.search.engines.whoosh.terms import TermsWriter
from kb.search.engines.whoosh.writing import PostingsWriter, start_segment
from tests.kb.search.texts import prepared


@pytest.mark.parametrize("count", [0, 1, 2, 300, 20_000])
def test_every_term_is_found_by_whoosh_and_no_other(tmp_path: Path, count: int) -> None:
    storage = FileStorage(str(tmp_path))
    keys = [f"{number:06d}".encode() for number in range(count)]
    writer = TermsWriter(storage.create_file("terms"))
    for key in keys:
        writer.add(key, key[::-1])
    writer.close()

    reader = OrderedHashReader.open(storage, "terms")
    assert list(reader.keys()) == keys
    assert all(reader[key] == key[::-1] for key in keys)
    assert all(reader.get(key + b"?") is None for key in keys[:500])
    if keys:
        assert reader.closest_key(b"000000!") == (keys[1] if count > 1 else None)
    reader.close()


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.integers(0, 70_000),
        st.lists(st.integers(0, 2**31), min_size=1, max_size=130),
        min_size=1,
        max_size=12,
    ),
    st.booleans(),
)
def test_postings_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, where: dict[int, list[int]], scored: bool
) -> None:
    storage = FileStorage(str(tmp_path_factory.mktemp("postings")))
    segment = start_segment()
    writer = PostingsWriter(storage, segment)
    numbers = sorted(where)
    counts = [len(where[number]) for number in numbers]
    positions = b"".join(array("I", where[number]).tobytes() for number in numbers)
    lengths = bytearray(70_001)
    for number in numbers:
        lengths[number] = number % 256
    writer.start_field("body_words", np.frombuffer(lengths, np.uint8))
    writer.add(b"token", numbers, counts if scored else None, positions if scored else b"")
    writer.close()

    with storage.open_file(segment.make_filename(".pst")) as file:
        found = list(blocks(memoryview(file.read()), 0))
    assert numbers_of(found).tolist() == numbers
    weights = weights_of(found)
    assert ([1] * len(numbers) if weights is None else weights.tolist()) == (
        counts if scored else [1] * len(numbers)
    )
    if scored:
        assert positions_of(found).places.tobytes() == positions


def test_whoosh_reads_how_often_a_term_stands_in_one_document_alone(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    engine.rebuild([prepared(1, body="失注 受注 失注"), prepared(2, body="受注")])

    current = engine.files.current()
    assert current is not None
    index = FileIndex(FileStorage(str(engine.files.path(current))), indexname=INDEX_NAME)
    with index.reader() as reader:
        alone = reader.postings("body_words", "失注")
        assert (alone.id(), alone.weight()) == (0, 2.0)
        info = reader.term_info("body_words", "失注")
        assert (info.doc_frequency(), info.weight(), info.max_weight()) == (1, 2.0, 2.0)
        assert reader.first_id("body_words", "受注") == 0
