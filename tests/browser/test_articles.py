"""Writing, reading and meeting somebody else's edit, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from kb.accounts.models import User
from kb.articles import actions
from kb.articles.actions import Content
from kb.articles.models import Article, Draft
from kb.search.index import drain
from tests.factories import a_collection, an_article

Open = Callable[..., Page]
Axe = Callable[[Page], list[str]]

BODY = """\
導入後の支援が理由の失注は、**初回**で決まります。[資料](https://example.com/)も見てください。

## 3枚で伝える

1. 昨年の障害を一つ選ぶ。
2. 体制図に、お客様側の窓口も入れる。

### 数字の並べ方

| 3年の合計 | 当社 | 他社 |
| --- | ---: | ---: |
| 利用料 | 1,080 | 936 |

> [!注意]
> 日付を確かめてから使ってください。

```python
print("稼働")  # コメント
```

- [x] 送った
- [ ] 確かめた

脚注[^1]も書けます。

[^1]: 八月の聞き取りによります。
"""
LONG_TITLE = (
    "障害が起きたときに誰が何時間以内にお客様のもとへ向かい、" * 4
    + "supercalifragilisticexpialidocious_version_three"
)


@pytest.fixture
def article(lee: User) -> Article:
    return an_article(lee, body=BODY, tags=["支援", "製造業"])


def pages_of(article: Article) -> dict[str, str]:
    pk = article.pk
    return {
        "home": "/",
        "list": "/articles/",
        "read": f"/articles/{pk}/",
        "edit": f"/articles/{pk}/edit/",
        "history": f"/articles/{pk}/history/",
        "version": f"/articles/{pk}/history/1/",
        "delete": f"/articles/{pk}/delete/",
        "collection": f"/collections/{article.collection_id}/",
        "new collection": "/collections/new/",
        "tag": "/tags/支援/",
        "deleted": "/articles/deleted/",
    }


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [(1280, False, "ja"), (390, True, "ja"), (390, False, "en"), (1280, True, "en")],
)
def test_every_page_is_accessible_and_fits(
    width: int, dark: bool, language: str, article: Article, sato: User, page_as: Open, axe: Axe
) -> None:
    sato.language = language
    sato.save()
    page = page_as(sato, width=width, dark=dark, language=language)
    for name, address in pages_of(article).items():
        page.goto(address)
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("width", [390, 1280])
def test_a_very_long_title_stays_inside_its_page(width: int, lee: User, page_as: Open) -> None:
    long = an_article(lee, LONG_TITLE)
    page = page_as(lee, width=width)
    for address in (
        "/",
        "/articles/",
        long.get_absolute_url(),
        f"/articles/{long.pk}/edit/",
        f"/articles/{long.pk}/history/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_page_is_written_with_toolbar_and_preview(lee: User, page_as: Open) -> None:
    a_collection(lee)
    page = page_as(lee)
    page.goto("/articles/new/")

    page.get_by_label("題名").fill("初回訪問で聞くこと")
    text = page.locator("#id_body")
    text.fill("七つ")
    text.select_text()
    page.get_by_role("button", name="太字").click()
    expect(text).to_have_value("**七つ**")
    expect(page.locator("#preview strong")).to_have_text("七つ")
    text.press("End")
    page.get_by_role("button", name="表", exact=True).click()
    expect(text).to_have_value(re.compile(r"\| --- \| --- \|"))
    page.get_by_role("button", name="公開する").click()

    expect(page.get_by_role("heading", name="初回訪問で聞くこと")).to_be_visible()
    expect(page.locator(".prose strong")).to_have_text("七つ")


def test_what_is_typed_is_kept_by_itself(lee: User, page_as: Open) -> None:
    a_collection(lee)
    page = page_as(lee)
    page.goto("/articles/new/")
    page.get_by_label("題名").fill("書きかけ")
    page.locator("#id_body").fill("まだ途中")

    expect(page.locator("#kept")).to_contain_text("自動で保存")

    assert Draft.objects.get(by=lee).text("body") == "まだ途中"
    page.locator("#id_body").fill("まだ途中、その二")
    expect(page.locator("#kept")).to_contain_text("自動で保存")
    page.wait_for_timeout(2500)
    assert Draft.objects.get(by=lee).text("body") == "まだ途中、その二"


def test_a_draft_that_cannot_be_kept_says_so(lee: User, page_as: Open, complaints: list[str]) -> None:
    a_collection(lee)
    page = page_as(lee)
    page.goto("/articles/new/")
    page.route("**/articles/draft/", lambda route: route.abort())

    page.locator("#id_body").fill("回線が切れた")

    expect(page.locator("#not-kept")).to_be_visible()
    page.unroute("**/articles/draft/")
    page.locator("#id_body").fill("つながった")
    expect(page.locator("#not-kept")).to_be_hidden()
    assert all(complaint.startswith("htmx:") for complaint in complaints)
    complaints.clear()  # htmx says in the console that the request failed, as it should


def saved_by(person: User, article: Article, body: str) -> None:
    content = Content(
        title=article.title,
        body=body,
        kind=article.kind,
        language=article.language,
        collection=article.collection,
        keep_readers=True,
    )
    actions.save_article(by=person, content=content, article=article, base_version=article.version)


@pytest.mark.parametrize("width", [390, 1280])
def test_two_edits_meet_and_the_collision_is_chosen(
    width: int, lee: User, mori: User, page_as: Open, axe: Axe
) -> None:
    article = an_article(lee, body="一枚目は表です。\n\n障害時は1時間以内に連絡します。\n")
    page = page_as(lee, width=width)
    page.goto(f"/articles/{article.pk}/edit/")
    saved_by(mori, article, "一枚目は表です。\n\n障害時は30分以内に連絡します。\n")
    if width == 390:
        page.locator("#id_body").scroll_into_view_if_needed()
    page.locator("#id_body").fill("一枚目は実例です。\n\n障害時は45分以内に連絡します。\n")
    page.get_by_role("button", name="公開する").click()

    expect(page.get_by_role("heading", name="編集が重なりました")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_text("30分以内に連絡します").last.click()
    page.get_by_role("button", name="合わせて公開する").click()

    expect(page.locator(".prose")).to_contain_text("一枚目は実例です。")
    expect(page.locator(".prose")).to_contain_text("30分以内")


def test_enter_during_japanese_conversion_does_not_publish(lee: User, page_as: Open) -> None:
    a_collection(lee)
    page = page_as(lee)
    page.goto("/articles/new/")
    page.get_by_label("題名").focus()

    page.evaluate(
        """() => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )

    assert page.url.endswith("/articles/new/")
    assert not Article.objects.exists()


def test_a_page_is_found_and_read_without_scripts(article: Article, ito: User, page_as: Open) -> None:
    drain()
    page = page_as(ito, javascript=False)
    page.goto("/")
    page.get_by_role("searchbox").fill("窓口")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name=article.title).click()

    expect(page.locator(".prose")).to_contain_text("お客様側の窓口")


def test_a_page_is_written_without_scripts(lee: User, page_as: Open, live_server: LiveServer) -> None:
    a_collection(lee)
    page = page_as(lee, javascript=False)
    page.goto("/articles/new/")
    page.get_by_label("題名").fill("紙と鉛筆")
    page.locator("#id_body").fill("書けます。")
    page.get_by_role("button", name="公開する").click()

    expect(page.locator(".prose")).to_contain_text("書けます。")


def test_a_deleted_page_comes_back_with_one_click(article: Article, lee: User, page_as: Open) -> None:
    page = page_as(lee)
    page.goto(article.get_absolute_url())
    page.get_by_role("button", name="その他").click()
    page.get_by_role("link", name="削除する").click()
    page.get_by_role("dialog").get_by_role("button", name="削除する").click()
    page.get_by_role("button", name="元に戻す").click()

    expect(page.get_by_role("heading", name=article.title, exact=True)).to_be_visible()
