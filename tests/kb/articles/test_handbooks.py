"""Real handbooks, read and rendered: no word of them is lost on the way into the index."""

import re
from pathlib import Path

import pytest

from kb.articles.links import rewritten
from kb.articles.markdown_folder import FolderReading, read_folder
from kb.markup import render

pytestmark = pytest.mark.real_data

JAPANESE = re.compile("[ぁ-んァ-ヶー一-龠々]+")
HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
# What a reader never sees: comments, and where links lead.
UNSEEN = re.compile(r"<!--.*?-->|\]\([^)]*\)", re.DOTALL)


def indexed(reading: FolderReading, ref: str) -> str:
    """What the index gets of a page: its title and its text."""
    known = {page.ref: f"/articles/{number}/" for number, page in enumerate(reading.pages)}
    page = next(page for page in reading.pages if page.ref == ref)
    return f"{page.title}\n{render(rewritten(page.body, ref, known)[0]).text}"


@pytest.fixture(scope="module")
def handbook(real_data: Path) -> tuple[Path, FolderReading]:
    root = real_data / "handbooks" / "gitlab_ja_marketing"
    return root, read_folder(root)


def test_every_japanese_word_of_a_page_is_in_its_text(handbook: tuple[Path, FolderReading]) -> None:
    root, reading = handbook
    for page in reading.pages[::8]:
        source = HEAD.sub("", (root / page.ref).read_text("utf-8"), count=1)
        text = "".join(indexed(reading, page.ref).split())
        missing = [word for word in JAPANESE.findall(UNSEEN.sub("]", source)) if word not in text]
        assert not missing, page.ref


@pytest.mark.parametrize(
    ("word", "files"), [("商談", 15), ("需要創出", 6), ("マーケティング部門", 14), ("顧客の声", 3)]
)
def test_a_word_is_in_as_many_pages_as_files(
    handbook: tuple[Path, FolderReading], word: str, files: int
) -> None:
    root, reading = handbook
    refs = [page.ref for page in reading.pages if word in (root / page.ref).read_text("utf-8")]
    assert len(refs) == files
    assert [ref for ref in refs if word not in indexed(reading, ref)] == []
