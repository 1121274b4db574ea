"""Reading a folder of Markdown: what becomes a page, what a page says of itself, and every kind of bad file."""

import random
import unicodedata
from pathlib import Path

import pytest

from kb.articles.front_matter import parted
from kb.articles.links import Places, linked, links_in
from kb.articles.markdown_folder import LARGEST, FolderReading, page_of, plain, read_folder, readable
from kb.markup import render
from kb.text import runs


def folder(path: Path, files: dict[str, str | bytes]) -> FolderReading:
    """Write the files below `path` and read them."""
    for name, content in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_folder(path)


def problems_of(reading: FolderReading) -> list[tuple[str, str]]:
    return [(problem.file, problem.code) for problem in reading.problems]


# ------------------------------------------------------------------ titles, places, languages
@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# 提案の進め方\n\n本文", "提案の進め方", "本文"),
        ("---\ntitle: 上の題\n---\n本文", "上の題", "本文"),
        ("---\ntitle: 上の題\n---\n# 上の 題\n\n本文", "上の題", "# 上の 題\n\n本文"),
        ("---\ntitle: ＳＳＯ\n---\n# sso\n\n本文", "ＳＳＯ", "本文"),
        ("+++\ntitle = '上の題'\n+++\n本文", "上の題", "本文"),
        ("提案\n====\n\n本文", "提案", "本文"),
        ("提案\n----\n\n# 中の題\n\n本文", "File name", "提案\n----\n\n# 中の題\n\n本文"),
        ("本文だけ", "File name", "本文だけ"),
        ("```\n# code\n```\n\n# 題\n\n本文", "題", "```\n# code\n```\n\n本文"),
        ("## 節\n\n# 後の題", "File name", "## 節\n\n# 後の題"),
        ("#\n\n本文", "File name", "#\n\n本文"),
        ("# **太い** `題` &amp; _斜め_ {#id}\n本文", "太い 題 & 斜め", "本文"),
        ("# snake_case_name #\n本文", "snake_case_name", "本文"),
        ("#ハッシュ\n本文", "File name", "#ハッシュ\n本文"),
    ],
)
def test_a_title_comes_from_the_head_else_the_first_h1_else_the_files_name(
    text: str, title: str, body: str
) -> None:
    page = page_of(text, "sales/file-name.md", "Handbook")
    assert (page.title, page.body) == (title, body)


def test_an_index_is_called_like_its_folder() -> None:
    assert page_of("x", "integrated-marketing/_index.md", "Handbook").title == "Integrated marketing"
    assert page_of("x", "README.md", "Handbook").title == "Handbook"


def test_a_link_in_the_heading_that_becomes_the_title_is_told() -> None:
    page = page_of("# [題](https://example.com)\n\n本文", "a.md", "")
    assert page.title == "題"
    assert [change.code for change in page.changes] == ["title_plain"]


def test_a_title_too_long_stands_whole_above_the_text() -> None:
    long = "長い題" * 150
    page = page_of(f"# {long}\n\n本文", "a.md", "")
    assert len(page.title) == 300
    assert page.body == f"**{long}**\n\n本文"
    assert [change.code for change in page.changes] == ["title_cut"]


def test_names_become_readable() -> None:
    assert readable("integrated-marketing") == "Integrated marketing"
    assert readable("sales_plays--cicd") == "Sales plays cicd"
    assert readable("営業資料") == "営業資料"


def test_headings_become_plain_words() -> None:
    assert plain("A [b](c(d)) ![e](f) <kbd>g</kbd> \\* ~~h~~") == "A b g * h"


@pytest.mark.parametrize(
    ("head", "language"),
    [
        ("language: en", "en"),
        ("lang: ja-JP", "ja"),
        ("language: 日本語", "ja"),
        ("", "ja"),
        ("language: fr", "ja"),
    ],
)
def test_the_language_is_the_heads_else_guessed(head: str, language: str) -> None:
    page = page_of(f"---\n{head}\n---\n導入の進め方を説明します。", "a.md", "")
    assert page.language == language
    assert [change.code for change in page.changes] == (["language_not_kept"] if "fr" in head else [])


def test_a_description_stands_above_the_text_unless_the_text_says_it() -> None:
    assert page_of("---\ndescription: 要点。\n---\n本文", "a.md", "").body == "要点。\n\n本文"
    assert page_of("---\ndescription: 要点\n---\n本文の要点。", "a.md", "").body == "本文の要点。"


def test_a_draft_is_told() -> None:
    page = page_of("---\ndraft: true\n---\n本文", "a.md", "")
    assert [change.code for change in page.changes] == ["draft"]


# ------------------------------------------------------------------ front matter
def test_values_stay_as_they_are_written() -> None:
    head = parted("---\ntitle: 2024-01-01\nkind: no\nTags: [1.10, あ]\nowner: ~\n---\n")
    assert head.one("title") == "2024-01-01"
    assert head.one("kind") == "no"
    assert head.several("tags") == ["1.10", "あ"]
    assert head.one("owner") == ""
    assert head.lines == {"title": 2, "kind": 3, "tags": 4, "owner": 5}


def test_lists_may_be_written_with_commas() -> None:
    head = parted("---\ntags: a, b、c，d\naudience:\n---\n")
    assert head.several("tags") == ["a", "b", "c", "d"]
    assert head.several("audience") == []
    assert head.several("kind") is None


@pytest.mark.parametrize(
    "text", ["---\n本文\n---\n続き", "---\n\nfoo\n", "----\na: b\n----\n", "本文\n---\na: b\n---\n"]
)
def test_a_line_across_the_page_is_no_front_matter(text: str) -> None:
    assert parted(text).body == text
    assert not parted(text).fields


def test_escapes_cannot_bring_in_what_no_database_takes() -> None:
    assert parted('---\ntitle: "a\\0b\\x07c"\n---\n').one("title") == "abc"


@pytest.mark.parametrize(
    ("text", "row", "value"),
    [
        ("---\ntitle: A\nkind: b: c\n---\n本文", 3, "kind: b: c"),
        ("---\ntitle: [a\n---\n本文", 3, None),
        ("+++\ntitle = 'A'\nkind = = b\n+++\n本文", 3, "kind = = b"),
    ],
)
def test_front_matter_that_cannot_be_read_is_told_with_its_line_and_kept_as_text(
    tmp_path: Path, text: str, row: int, value: str | None
) -> None:
    reading = folder(tmp_path, {"a-page.md": text})
    (problem,) = reading.problems
    assert (problem.file, problem.row, problem.code, problem.refused) == (
        "a-page.md",
        row,
        "front_matter",
        False,
    )
    assert value is None or problem.value == value
    (page,) = reading.pages
    assert page.title == "A page"
    assert page.body.startswith("```yaml\n")
    assert page.body.endswith("```\n\n本文")


def test_front_matter_that_cannot_be_read_and_speaks_of_readers_keeps_the_page_out(tmp_path: Path) -> None:
    reading = folder(tmp_path, {"a.md": "---\ntitle: a: b\naudience: department:Sales\n---\n秘密"})
    assert not reading.pages
    assert [problem.refused for problem in reading.problems] == [True]


# ------------------------------------------------------------------ files
def test_files_are_known_by_their_path_below_the_folder(tmp_path: Path) -> None:
    reading = folder(
        tmp_path / "手引き",
        {"b/c.md": "# C", "a.MD": "# A", ".git/x.md": "x", "b/.draft.md": "# D", "z.markdown": "# Z"},
    )
    assert [(page.ref, page.title, page.top) for page in reading.pages] == [
        ("a.MD", "A", ""),
        ("b/.draft.md", "D", "b"),
        ("b/c.md", "C", "b"),
        ("z.markdown", "Z", ""),
    ]
    assert not reading.problems


def test_one_file_is_a_page_whatever_its_ending(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("# 題", encoding="utf-8")
    assert [page.ref for page in read_folder(file).pages] == ["note.txt"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_ending_is_read(tmp_path: Path, encoding: str, ending: str) -> None:
    text = ending.join(["---", "title: 見積もりの出し方", "---", "一行目。", "", "二行目。"])
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    (page,) = folder(tmp_path, {"a.md": mark + text.encode(encoding)}).pages
    assert page.title == "見積もりの出し方"
    assert page.body == "一行目。\n\n二行目。"
    assert [change.code for change in page.changes] == (["read_as"] if encoding == "cp932" else [])


def test_bad_files_are_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    reading = folder(
        tmp_path,
        {
            "binary.md": bytes(range(256)) * 10,
            "broken.md": b"\x81 \x82 \x83 \xff\xfe",
            "large.md": b"a" * (LARGEST + 1),
            "fine.md": "# 題\n\n本文",
            "empty.md": b"",
            "picture.png": b"\x89PNG",
        },
    )
    assert problems_of(reading) == [
        ("binary.md", "binary"),
        ("broken.md", "encoding"),
        ("large.md", "too_large"),
    ]
    assert all(problem.refused for problem in reading.problems)
    assert [(page.ref, page.title) for page in reading.pages] == [("empty.md", "Empty"), ("fine.md", "題")]
    assert [change.code for change in reading.pages[0].changes] == ["empty"]
    assert [(change.ref, change.code) for change in reading.left_out] == [("picture.png", "file_not_taken")]


def test_a_file_of_10_mb_is_taken(tmp_path: Path) -> None:
    reading = folder(tmp_path, {"a.md": "営業".encode() * (LARGEST // 6) + b"ab" * 2})
    assert len(reading.pages) == 1


def test_a_stray_control_character_does_not_make_a_text_binary(tmp_path: Path) -> None:
    (page,) = folder(tmp_path, {"a.md": ("本文\x08です。" + "ながい文。" * 30).encode()}).pages
    assert page.body.startswith("本文です。")
    assert [change.code for change in page.changes] == ["unreadable_characters"]


def test_a_text_cut_within_a_character_is_still_utf_8(tmp_path: Path) -> None:
    (page,) = folder(tmp_path, {"a.md": "導入後の支援が失注の理由です".encode()[:-1]}).pages
    assert page.body == "導入後の支援が失注の理由で"
    assert [change.code for change in page.changes] == ["unreadable_characters"]


def test_of_two_files_of_one_name_the_first_is_taken_and_the_other_told(tmp_path: Path) -> None:
    composed, apart = "が.md", unicodedata.normalize("NFD", "が.md")
    reading = folder(tmp_path, {"Sales.md": "A", "sales.md": "B", composed: "C", apart: "D"})
    if len(list(tmp_path.iterdir())) < 4:
        pytest.skip("this file system keeps such names as one")
    assert problems_of(reading) == [("sales.md", "same_name"), ("が.md", "same_name")]
    assert "Sales.md" in reading.problems[0].message
    assert [page.ref for page in reading.pages] == ["Sales.md", "が.md"]


def test_a_folder_without_markdown_is_told(tmp_path: Path) -> None:
    reading = folder(tmp_path, {"a.txt": "x"})
    assert problems_of(reading) == [(".", "no_pages")]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("# 秘密", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.md").symlink_to(outside / "secret.md")
    (inside / "b").symlink_to(outside)
    (inside / "c.md").symlink_to(inside / "gone.md")
    reading = read_folder(inside)
    assert not reading.pages
    assert [change.code for change in reading.left_out] == ["link_not_followed", "link_not_followed"]
    assert problems_of(reading) == [("c.md", "unreadable")]


def test_a_path_too_long_is_told(tmp_path: Path) -> None:
    reading = folder(tmp_path, {"/".join(["長い名前" * 15] * 9) + "/a.md": "x"})
    assert [code for _file, code in problems_of(reading)] == ["path_too_long"]


HALF_BROKEN = [
    "# 題\n```\n閉じない",
    "[[[[![![](((",
    "---\n",
    "---\ntitle: x",
    "+++\n+++\n",
    "{{< a\n{{% /b %}}",
    "<!-- 閉じない\n本文",
    '<a href="x',
    "\ufeff\ufeff# 題",
    "| a | b\n|--\n",
    "\x0c\n",
    "[a]: \n[b]: <",
]


@pytest.mark.parametrize("text", HALF_BROKEN)
def test_half_broken_markdown_is_a_page(tmp_path: Path, text: str) -> None:
    reading = folder(tmp_path, {"a.md": text})
    assert len(reading.pages) == 1
    assert not reading.problems


@pytest.mark.parametrize(
    "piece", ["[", "![", "](", "[a](", "`a``", "{{< a", "{{% note %}}", "<a ", "<!--", "# ", "[]: "]
)
def test_hostile_repetition_is_read_to_its_end_and_leads_nowhere(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    page = page_of(text, "a.md", "")
    found = linked(page.body, "a.md", Places(["a.md"]), links_in(page.body))

    assert found.targets == ()
    assert found.written({}) == page.body
    # Nothing is lost but the marks around a heading, which becomes bold, and a shortcode, which is markup from end to end.
    whole, kept = ("".join(words.split()) for words in (text, page.body.replace("*", "")))
    assert kept == "" if "%" in piece else kept in whole and len(whole) - len(kept) < 4


# ------------------------------------------------------------------ real folders
@pytest.mark.real_data
@pytest.mark.parametrize("name", ["gitlab_ja_marketing", "sourcegraph"])
def test_every_word_of_a_handbooks_prose_is_in_the_page(real_data: Path, name: str) -> None:
    path = real_data / "handbooks" / name
    reading = read_folder(path)
    assert not reading.problems
    places = Places(page.ref for page in reading.pages)
    urls = {page.ref: "/articles/1/" for page in reading.pages}
    for page in random.Random(3).sample(reading.pages, 12):
        rendered = render(linked(page.body, page.ref, places).written(urls))
        stored = "".join(f"{page.title}{rendered.text}".split())
        text = (path / page.ref).read_text(encoding="utf-8", errors="replace")
        body = text.split("\n---", 1)[1] if text.startswith("---") else text
        missing = [run.text for run in runs(body) if run.script == "ja" and run.text not in stored]
        # What stands in an attribute or an address is markup.
        assert [word for word in missing if f'"{word}' not in body and f"/{word}" not in body] == []
