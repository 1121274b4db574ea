"""Glossaries as files and folders: formats side by side, pages in two languages, and what is no glossary."""

from __future__ import annotations

from pathlib import Path

from kb.glossary.formats.folders import read_path
from tests.kb.glossary.parsed import codes, only


def write(folder: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_md", ".md").replace("_csv", ".csv").replace(
            "_yml", ".yml"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def test_pages_in_two_languages_are_joined_by_their_names(tmp_path: Path) -> None:
    page = '---\r\n{title}: {word}\r\nstatus: Completed\r\ntags: ["a", ""]\r\n---\r\n\r\n{text} [linked](/x/)\r\n\r\n## More\r\n\r\nTail\r\n'
    folder = write(
        tmp_path,
        content__en__container_md=page.format(title="title", word="Containers (CT)", text="A process"),
        content__ja__container_md=page.format(title="Title", word="コンテナ", text="プロセス。"),
        content__en__pod_md=page.format(title="title", word="Pod", text="A group"),
        content__ja__search_md="---\ntitle: Search\n---\n",
        content__ja___index_md="# x",
        README_md="# About",
        LICENSE="x",
    )
    parsed = read_path(folder)
    told = [(row.key, row.preferred, row.other_language, row.abbreviation, row.status) for row in parsed.rows]
    assert told == [
        ("content/container.md", "コンテナ", "Containers", "CT", "Completed"),
        ("content/pod.md", "Pod", "", "", "Completed"),
    ]
    assert parsed.rows[0].explanation == "プロセス。 linked\n\nMore\n\nTail"
    assert [(problem.file, problem.code) for problem in parsed.problems] == [
        ("content/ja/search.md", "no_explanation")
    ]
    assert parsed.refused == 1
    assert {one.ref for one in parsed.left_out} == {
        "README.md",
        "LICENSE",
        "content/ja/_index.md",
    }


def test_a_folder_of_everything_is_read_file_by_file(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        a_csv="用語,説明\n失注,負け\n".encode("cp932"),
        b_csv="用語,説明\n受注,勝ち\n".encode("utf-16"),
        c_yml="- term: lead\n",
        d_md="---\n: [broken\n---\n# 稟議（りんぎ）\n\n承認の手続き\n",
        e_csv=b"\x89PNG\x00\x01",
        f_md="no title",
        sub__a_csv="term\nmql\n",
    )
    parsed = read_path(folder)
    assert [(row.file, row.preferred) for row in parsed.rows] == [
        ("a.csv", "失注"),
        ("b.csv", "受注"),
        ("c.yml", "lead"),
        ("d.md", "稟議"),
        ("sub/a.csv", "mql"),
    ]
    assert parsed.rows[3].reading == "りんぎ"
    assert [(problem.file, problem.code) for problem in parsed.problems] == [
        ("d.md", "front_matter"),
        ("e.csv", "binary"),
        ("f.md", "no_term"),
    ]


def test_a_file_with_another_ending_is_read_as_what_it_looks_like(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("- term: lead\n  definition: a name\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("term,definition\nlead,a name\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("term | definition\n--- | ---\nlead | a name\n", encoding="utf-8")
    for name in ("a.txt", "b.txt", "c.txt"):
        assert only(read_path(tmp_path / name)).explanation_en == "a name"


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert codes(read_path(tmp_path)) == [(None, "no_term")]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("term\nsecret\n", encoding="utf-8")
    folder = write(tmp_path / "in", a_csv="term\nlead\n")
    (folder / "b.csv").symlink_to(outside)
    assert [row.preferred for row in read_path(folder).rows] == ["lead"]
