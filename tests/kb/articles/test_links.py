"""Links between imported pages: what leads where, what stays, and that code is never touched."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kb.articles.links import Places, links_in, rewritten
from kb.articles.prose import CODE, masked

KNOWN: Mapping[str, str] = {
    "index.md": "/articles/1/",
    "sales/_index.md": "/articles/2/",
    "sales/proposal.md": "/articles/3/",
    "sales/ideas/README.md": "/articles/4/",
    "提案/初回の 打ち合わせ.md": "/articles/5/",
}
HERE = "sales/proposal.md"


def change(body: str, ref: str = HERE, known: Mapping[str, str] = KNOWN) -> tuple[str, list[str]]:
    text, changes = rewritten(body, ref, known)
    return text, [one.code for one in changes]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[a](../index.md)", "[a](/articles/1/)"),
        ("[a](_index.md)", "[a](/articles/2/)"),
        ("[a](./)", "[a](/articles/2/)"),
        ("[a](ideas/)", "[a](/articles/4/)"),
        ("[a](ideas)", "[a](/articles/4/)"),
        ("[a](../sales/Proposal.md)", "[a](/articles/3/)"),
        ("[a](../index)", "[a](/articles/1/)"),
        ("[a](../index.html?x=1)", "[a](/articles/1/)"),
        ('[a](_index.md "題")', '[a](/articles/2/ "題")'),
        ("[a](<../提案/初回の 打ち合わせ.md>)", "[a](/articles/5/)"),
        ("[a](../提案/初回の 打ち合わせ.md)", "[a](/articles/5/)"),
        (
            "[a](../%E6%8F%90%E6%A1%88/%E5%88%9D%E5%9B%9E%E3%81%AE%20%E6%89%93%E3%81%A1%E5%90%88%E3%82%8F%E3%81%9B.md)",
            "[a](/articles/5/)",
        ),
        ("[two [brackets]](_index.md)", "[two [brackets]](/articles/2/)"),
        ("[`code`](_index.md)", "[`code`](/articles/2/)"),
        ("x\n\n[ref]: ../index.md\n", "x\n\n[ref]: /articles/1/\n"),
        ('<a class="x" href="_index.md">a</a>', '<a class="x" href="/articles/2/">a</a>'),
        ("<a href='_index.md#x'>a</a>", "<a href='/articles/2/#h-x'>a</a>"),
    ],
)
def test_a_link_to_a_page_of_the_folder_leads_to_where_that_page_stands(body: str, expected: str) -> None:
    assert change(body) == (expected, [])


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("#value-discovery", "#h-value-discovery"),
        ("#h-ready", "#h-ready"),
        ("#初回", "#h-%E5%88%9D%E5%9B%9E"),
    ],
)
def test_a_place_on_another_page_keeps_working(fragment: str, expected: str) -> None:
    assert change(f"[a](_index.md{fragment})") == (f"[a](/articles/2/{expected})", [])


@pytest.mark.parametrize(
    "body",
    [
        "[a](#here)",
        "[a](https://example.com/sales/)",
        "[a](//example.com/)",
        "<https://example.com/index.md>",
        "[a](mailto:sato@example.com)",
        "![a](https://example.com/a.png)",
        '<img src="https://example.com/a.png">',
        "[^1]: ../index.md",
        "[a] (_index.md)",
        r"\[a](_index.md)",
        "foo[0](bar baz)",
    ],
)
def test_what_is_no_link_to_a_page_stays(body: str) -> None:
    assert change(body) == (body, [])


@pytest.mark.parametrize(
    "body",
    ["[a](missing.md)", "[a](../../outside.md)", "[a](/elsewhere/)", "[a](slack://channel)", "[r]: gone.md"],
)
def test_a_link_that_leads_nowhere_is_kept_and_told(body: str) -> None:
    assert change(body) == (body, ["broken_link"])


def test_an_image_that_is_not_on_the_net_leaves_its_words_and_is_told() -> None:
    assert change("![売上の推移](./sales.png)") == ("（画像：売上の推移）", ["image_not_kept"])
    assert change("See ![](charts/q3.png).") == ("See (image: q3.png).", ["image_not_kept"])
    assert change('<img alt="A & B" src="/b.png">') == ("(image: A &amp; B)", ["image_not_kept"])
    assert change("![a](data:image/png;base64,AAAA)")[1] == ["image_not_kept"]


def test_an_image_inside_a_link_leaves_the_link() -> None:
    assert change("[![図](a.png)](_index.md)") == ("[（画像：図）](/articles/2/)", ["image_not_kept"])


def test_words_of_an_image_never_become_an_address() -> None:
    text, _codes = change("[a]![b](b.png)")
    assert "](" not in text


def test_addresses_of_the_whole_site_are_understood_by_what_most_of_them_share() -> None:
    known = {"events/_index.md": "/articles/1/", "blog/a.md": "/articles/2/"}
    body = "[1](/handbook/marketing/events/) [2](/handbook/marketing/blog/a/#x) [3](/handbook/sales/events/)"
    assert change(body, "blog/a.md", known) == (
        "[1](/articles/1/) [2](/articles/2/#h-x) [3](/handbook/sales/events/)",
        ["broken_link"],
    )


def test_addresses_that_do_not_agree_on_where_the_folder_stands_stay() -> None:
    known = {"a.md": "/articles/1/", "b.md": "/articles/2/"}
    body = "[1](/x/a/) [2](/y/b/)"
    assert change(body, "a.md", known) == (body, ["broken_link", "broken_link"])


def test_a_folders_page_is_its_index_and_a_page_of_that_name_comes_first() -> None:
    places = Places(["a.md", "a/index.md", "b/README.md", "b/_index.md"])
    assert places.at("a") == "a.md"
    assert places.at("a/index.md") == "a/index.md"
    assert places.at("b") == "b/_index.md"
    assert places.at("c") is None


def test_names_that_differ_in_capitals_alone_are_not_guessed() -> None:
    places = Places(["Team.md", "TEAM.md"])
    assert places.at("Team.md") == "Team.md"
    assert places.at("team.md") is None


def test_a_site_that_shows_a_page_as_a_folder_may_link_from_there() -> None:
    known = {"a/b.md": "/articles/1/", "a/c.md": "/articles/2/"}
    assert change("[c](../c/)", "a/b.md", known) == ("[c](/articles/2/)", [])


CODES = [
    "```\n[a](_index.md)\n```\n",
    "~~~ md\n![a](a.png)\n~~~\n",
    "> ```\n> [a](_index.md)\n> ```\n",
    "- item\n\n  ```\n  [a](_index.md)\n  ```\n",
    "a\n\n    [a](_index.md)\n",
    "text `[a](_index.md)` text",
    "text ``a ` [a](_index.md)`` text",
    "<pre>[a](_index.md)</pre>",
    "<code>[a](_index.md)</code>",
    "<!-- [a](_index.md) -->",
    "```\n[a](_index.md)",
]


@pytest.mark.parametrize("body", CODES)
def test_code_is_never_touched(body: str) -> None:
    assert change(body) == (body, [])


def test_a_paragraph_of_a_list_is_no_code() -> None:
    body = "1. 一つ目\n\n    続きは[こちら](_index.md)\n"
    assert change(body)[0] == "1. 一つ目\n\n    続きは[こちら](/articles/2/)\n"


def test_a_backtick_without_its_partner_hides_nothing_below_it() -> None:
    body = "- a ` b\n- [x](_index.md) `c`\n\n[y](_index.md)"
    assert change(body)[0].count("/articles/2/") == 2


def test_a_quote_takes_its_open_code_along() -> None:
    assert change("> ```\n> a\n\n[x](_index.md)")[0].endswith("(/articles/2/)")


MARKS = st.sampled_from(
    [
        *"[]()!<>`~#-|\\\n \t\"'",
        *"](|```\n|~~~\n|    |\n\n|_index.md|gone.md|a.png|https://e.com/x".split("|"),
        *"<a href=|<img src=|</a>|<!--|-->|<pre>|</pre>|{{<|あ|語|x|[a](_index.md)".split("|"),
    ]
)
TEXTS = st.lists(MARKS, max_size=60).map("".join)


@given(TEXTS)
def test_rewriting_twice_changes_nothing_more(body: str) -> None:
    once, _codes = change(body)
    assert change(once)[0] == once


@given(TEXTS)
def test_a_mask_keeps_every_line_and_hides_only_code(body: str) -> None:
    mask = masked(body)
    assert len(mask) == len(body)
    assert all(seen in (written, CODE) for seen, written in zip(mask, body, strict=True))
    assert mask.count("\n") == body.count("\n")


@given(
    TEXTS, st.lists(MARKS.filter(lambda mark: "`" not in mark and "~" not in mark), max_size=20).map("".join)
)
def test_what_stands_in_fenced_code_stays_in_any_text(before: str, code: str) -> None:
    assume("```" not in before and "~~~" not in before)  # those would be closed by what follows
    fenced = f"\n\n`````\n{code}\n`````\n"
    if masked(before + fenced)[len(before) + 2 :].startswith(CODE):
        assert change(before + fenced)[0].endswith(fenced)


@given(TEXTS)
def test_links_stand_where_they_say(body: str) -> None:
    for link in links_in(body):
        assert 0 <= link.start <= link.end <= len(body)
        if link.image and not link.in_html:
            assert body[link.start : link.end].startswith("![")
            assert body[link.start : link.end].endswith(")")
