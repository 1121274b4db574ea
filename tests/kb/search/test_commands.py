"""search, suggest, reindex and check_index on the command line: keys, exit codes, failures."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import ManagementUtility
from django.db import connections

from kb.accounts.models import User
from kb.search.index import drain
from kb.search.models import PendingChange
from tests.factories import an_article

pytestmark = pytest.mark.django_db

HIT_KEYS = {
    "kind", "id", "ref", "title", "url", "snippet", "language", "tags", "updated_on", "score", "why", "complete",
    "file", "file_page", "parts",
}  # fmt: skip


class Run:
    """Runs a command as a shell does; `code` is what it left with."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch
        self.code = 0
        self.err = ""

    def __call__(self, *words: str) -> str:
        argv = ["manage.py", *words]
        self.monkeypatch.setattr("sys.argv", argv)
        # A command closes its connections when it leaves; here they are the test's.
        self.monkeypatch.setattr(connections, "close_all", lambda: None)
        self.capsys.readouterr()
        self.code = 0
        try:
            ManagementUtility(argv).execute()
        except SystemExit as stop:
            self.code = int(stop.code or 0)
        out, self.err = self.capsys.readouterr()
        return out

    def json(self, *words: str) -> Any:
        answer = json.loads(self(*words, "--json"))
        assert answer.pop("schema") == 1
        return answer


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(capsys, monkeypatch)


@pytest.fixture
def page(lee: User) -> str:
    an_article(lee, "失注後の90日", "導入後の失注は初回で決まります。", kind="faq", tags=["支援"])
    drain()
    return "失注後の90日"


def test_search_answers_every_key(run: Run, page: str, lee: User) -> None:
    answer = run.json("search", "失注", "--as", lee.username)

    assert run.code == 0
    assert {
        "query",
        "viewer",
        "total",
        "also",
        "page",
        "size",
        "took_ms",
        "notes",
        "widened",
        "facets",
        "hits",
    } <= set(answer)
    assert (answer["query"], answer["viewer"], answer["total"], answer["also"]) == (
        "失注",
        lee.username,
        1,
        0,
    )
    assert answer["facets"]["kind"] == [{"value": "faq", "count": 1}]
    assert answer["facets"]["tag"] == [{"value": "支援", "count": 1}]
    assert answer["facets"]["language"] == [{"value": "ja", "count": 1}]
    (hit,) = answer["hits"]
    assert set(hit) >= HIT_KEYS
    assert (hit["title"], hit["complete"], hit["file"], hit["parts"]) == (page, True, None, None)
    assert "<mark>失注</mark>" in hit["snippet"]


def test_search_explains_when_asked(run: Run, page: str, lee: User) -> None:
    (hit,) = run.json("search", "失注", "--as", lee.username, "--explain")["hits"]

    assert hit["parts"]["title_words"] > 0
    assert hit["score"] == pytest.approx(sum(hit["parts"].values()))


def test_search_narrows_down(run: Run, page: str, lee: User) -> None:
    base = ("search", "失注", "--as", lee.username)

    assert (
        run.json(*base, "--kind", "faq", "--tag", "支援", "--lang", "ja", "--after", "2020-01-01")["total"]
        == 1
    )
    assert run.json(*base, "--kind", "news")["total"] == 0
    assert run.json(*base, "--before", "2020-01-01")["total"] == 0
    assert run.json(*base, "--page", "2", "--size", "1", "--sort", "newest", "--no-widen")["hits"] == []


def test_search_narrows_down_by_who_and_in_the_query(run: Run, page: str, lee: User, sato: User) -> None:
    base = ("search", "失注", "--as", lee.username)

    assert run.json(*base, "--where", "author=lee", "--where", f"部門={lee.departments.get()}")["total"] == 1
    assert run.json(*base, "--where", "author=佐藤")["total"] == 0
    assert run.json(*base, "--where", "author=佐藤", "--where", f"author={lee.pk}")["total"] == 1
    by_query = run.json(
        "search", "失注 種別:FAQ -著者:佐藤 OR tag:支援", "--as", lee.username, "--sort", "read"
    )
    assert (by_query["total"], by_query["notes"]) == (1, [])
    assert by_query["facets"]["author"] == [{"value": str(lee.pk), "label": str(lee), "count": 1}]
    assert set(by_query["facets"]) >= {"owner", "department", "result", "competitor", "product", "date"}
    assert len(run.json("search", "失注 foo:bar OR", "--as", lee.username)["notes"]) == 2


def test_nothing_found_is_done(run: Run, page: str, lee: User) -> None:
    assert run.json("search", "無い", "--as", lee.username)["hits"] == []
    assert run.code == 0


def test_search_tells_people_in_lines(run: Run, page: str, lee: User) -> None:
    out = run("search", "失注", "--as", lee.username, "--explain")

    assert page in out
    assert "<mark>" not in out
    assert "title_words" in out


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("search", "失注", "--as", "nobody"), 4, "unknown_user"),
        (("suggest", "失注", "--as", "nobody"), 4, "unknown_user"),
        (("search", "失注", "--as", "lee", "--kind", "poem"), 2, "unknown_kind"),
        (("search", "失注", "--as", "lee", "--size", "0"), 2, "usage"),
        (("search", "失注", "--as", "lee", "--size", "101"), 2, "usage"),
        (("search", "失注", "--as", "lee", "--page", "0"), 2, "usage"),
        (("search", "失注", "--as", "lee", "--after", "soon"), 2, "usage"),
        (("search", "失注", "--as", "lee", "--sort", "sideways"), 2, "usage"),
        (("search", "失注", "--as", "lee", "--page", "one"), 2, "usage"),
        (("search", "失注", "--as", "lee", "--where", "author"), 2, "usage"),
        (("search", "失注", "--as", "lee", "--where", "mood=good"), 2, "usage"),
        (("search", "失注", "--as", "lee", "--where", "author=nobody"), 4, "unknown_value"),
        (("search", "失注"), 2, "usage"),
        (("search",), 2, "usage"),
        (("reindex", "--all"), 2, "usage"),
    ],
)
def test_failures_have_a_code_and_an_exit(
    run: Run, page: str, words: tuple[str, ...], code: int, name: str
) -> None:
    error = run.json(*words)["error"]

    assert (run.code, error["code"]) == (code, name)
    assert error["message"]
    run(*words)
    assert run.code == code
    assert run.err


def test_search_without_an_index_is_refused(run: Run, lee: User) -> None:
    assert run.json("search", "失注", "--as", lee.username)["error"]["code"] == "no_index"
    assert run.code == 1


def test_suggest(run: Run, page: str, lee: User) -> None:
    answer = run.json("suggest", "失注", "--as", lee.username)

    assert answer["prefix"] == "失注"
    assert [suggestion["text"] for suggestion in answer["suggestions"]] == [page]
    assert set(answer["suggestions"][0]) == {"text", "kind", "url"}
    assert page in run("suggest", "失注", "--as", lee.username)


def test_reindex_and_check(run: Run, lee: User) -> None:
    an_article(lee, "失注")
    missing = run.json("check_index")
    assert run.code == 1
    assert not missing["ok"]
    assert missing["pending"] == 1

    built = run.json("reindex")
    assert built["documents"] == 1
    assert built["seconds"] >= 0

    assert run.json("check_index") == {
        "ok": True, "state": "ready", "missing": [], "extra": [], "stale": [], "pending": 0, "on_the_way": [],
    }  # fmt: skip
    assert run.code == 0
    assert "ready" in run("check_index")
    assert "1 documents" in run("reindex")


def test_the_check_lists_what_is_on_its_way(run: Run, page: str, lee: User) -> None:
    an_article(lee, "次")

    out = run("check_index")

    assert run.code == 1
    assert "on the way: article:" in out
    assert PendingChange.objects.count() == 1
