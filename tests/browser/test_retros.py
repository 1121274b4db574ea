"""Looking back on a deal in a real browser: from the queue to the search in under twelve actions."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.env import BASE_DIR
from deals.crm import actions as crm
from deals.crm.actions import DealContent
from deals.crm.models import Deal
from deals.retros.actions import add_quote, seed_drivers, submit_retro
from deals.retros.content import Rated, RetroContent, Said
from deals.retros.models import Quote, Retro, RetroDraft
from kb.accounts.models import User
from kb.market.actions import ensure
from kb.market.models import Competitor
from kb.search.index import drain

Open = Callable[..., Page]
Axe = Callable[[Page], list[str]]
PICTURES = BASE_DIR / "var" / "pictures"
EVIDENCE = "障害のとき、誰が来てくれるのかが最後まで見えなかった。"
LONG = (
    "支援担当を初回に同席させ、体制図に名前を入れる。" * 5
    + "supercalifragilisticexpialidocious_version_three"
)


@pytest.fixture
def lost(lee: User) -> Deal:
    seed_drivers()
    for name in ("カラマツ情報", "オリオン"):
        ensure(Competitor, name, by=lee)
    content = DealContent(
        name="北海製作所 2026",
        owner=lee,
        result="lost",
        lost_to="not_known",
        competitor=ensure(Competitor, "ノヴァ", by=lee),
        amount=Decimal(12_600_000),
        closed_on=timezone.localdate() - timedelta(days=1),
    )
    return crm.save_deal(by=lee, content=content)


@pytest.fixture
def written(lost: Deal, lee: User, mori: User) -> Retro:
    """Told by the rep and the buyer, with quotes of every consent and texts of every length."""
    content = RetroContent(
        lesson=LONG,
        hypothesis="購買より先に情報システム部へ渡すべきだった。",
        ratings=[
            Rated(driver="total-cost", performance=-1, first=True, evidence="差は180万円"),
            Rated(
                driver="incident-response",
                says="buyer_interview",
                performance=-2,
                first=True,
                evidence=EVIDENCE,
            ),
            Rated(driver="incident-response", performance=0, importance=2),
            Rated(driver="integration", performance=1, importance=1, evidence=LONG),
        ],
        quotes=[Said(text=EVIDENCE, speaker="情報システム部長", consent="anonymous")],
        tags=["支援", "製造業"],
    )
    retro = submit_retro(by=lee, deal=lost, content=content)
    add_quote(by=mori, retro=retro, text=LONG)
    return Retro.objects.get()


class Counted:
    """A page whose presses, choices and typings are counted as a person would."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def press(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).click()  # type: ignore[arg-type]
        self.actions += 1

    def check(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).check()
        self.actions += 1

    def choose(self, field: str, label: str) -> None:
        self.page.locator(field).select_option(label=label)
        self.actions += 1

    def type(self, field: str, text: str) -> None:
        self.page.locator(field).fill(text)
        self.actions += 1


def fits(page: Page, width: int) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_loss_is_written_in_under_twelve_actions_and_found_by_a_word_of_its_lesson(
    width: int, lost: Deal, lee: User, ito: User, page_as: Open, axe: Axe
) -> None:
    page = page_as(lee, width=width)
    page.goto("/")
    person = Counted(page)
    person.press("link", "振り返り" if width == 390 else "振り返りを書く")
    assert axe(page) == []
    person.press("link", "振り返る 北海製作所 2026")
    expect(page.get_by_role("heading", name="失注の振り返り")).to_be_visible()
    expect(page.get_by_text("4問中1問")).to_be_visible()
    person.check("ノヴァ")
    person.choose("#id_driver", "支援 ＞ 障害時の対応")
    person.check("お客様")
    person.type("#id_evidence", EVIDENCE)
    expect(page.get_by_text("4問中3問")).to_be_visible()
    person.type("#id_lesson", "支援担当を初回に同席させる。")
    expect(page.get_by_text("4問中4問")).to_be_visible()
    assert axe(page) == []
    assert fits(page, width)
    person.press("button", "振り返りを送る")
    expect(page.get_by_text("振り返りを送りました")).to_be_visible()
    expect(page.locator("#retro")).to_contain_text("支援担当を初回に同席させる。")
    assert axe(page) == []
    assert person.actions < 12
    assert Quote.objects.get().consent == "internal"

    drain()
    reader = page_as(ito, width=width)
    reader.goto("/")
    reader.locator("main input[type=search]").fill("同席")
    reader.locator("main input[type=search]").press("Enter")
    reader.get_by_role("link", name="北海製作所 2026").first.click()
    expect(reader.locator("#retro")).to_contain_text(EVIDENCE)


def test_what_is_typed_waits_on_another_machine(lost: Deal, lee: User, page_as: Open) -> None:
    page = page_as(lee, width=390)
    page.goto(f"/deals/{lost.pk}/retro/")
    page.locator("#id_lesson").fill("まだ途中")
    expect(page.locator("#kept")).to_contain_text("下書きを")

    other = page_as(lee)
    other.goto("/deals/queue/")
    other.get_by_role("link", name="続ける 北海製作所 2026").click()
    expect(other.locator("#id_lesson")).to_have_value("まだ途中")
    other.get_by_role("button", name="下書きを捨てる").click()
    expect(
        other.get_by_text("下書きを捨てました").or_(other.get_by_role("heading", name=lost.name))
    ).to_be_visible()
    assert not RetroDraft.objects.exists()


def test_a_draft_that_cannot_be_kept_says_so(
    lost: Deal, lee: User, page_as: Open, complaints: list[str]
) -> None:
    page = page_as(lee)
    page.goto(f"/deals/{lost.pk}/retro/")
    page.route("**/retro/draft/", lambda route: route.abort())
    page.locator("#id_lesson").fill("回線が切れた")
    expect(page.locator("#not-kept")).to_be_visible()
    page.unroute("**/retro/draft/")
    page.locator("#id_lesson").fill("つながった")
    expect(page.locator("#not-kept")).to_be_hidden()
    complaints.clear()  # htmx says in the console that the request failed, as it should


def test_each_outcome_asks_its_own_questions(lost: Deal, lee: User, page_as: Open) -> None:
    page = page_as(lee)
    page.goto(f"/deals/{lost.pk}/retro/")
    expect(page.get_by_text("どこに決まりましたか")).to_be_visible()
    page.get_by_label("ほかの競合").check()
    expect(page.get_by_label("わかれば、その名前")).to_be_visible()
    page.get_by_label("受注", exact=True).check()
    expect(page.get_by_role("heading", name="受注の振り返り")).to_be_visible()
    expect(page.get_by_text("どこに決まりましたか")).to_be_hidden()
    expect(page.get_by_text("3問中1問")).to_be_visible()
    page.get_by_label("見送り", exact=True).check()
    expect(page.get_by_text("見送りになった理由")).to_be_visible()
    expect(page.get_by_text("4問中1問")).to_be_visible()


def test_the_form_works_without_scripts(lost: Deal, lee: User, page_as: Open) -> None:
    page = page_as(lee, width=390, javascript=False)
    page.goto(f"/deals/{lost.pk}/retro/")
    page.get_by_label("見送り", exact=True).check()
    expect(page.get_by_text("どこに決まりましたか")).to_be_hidden()
    page.get_by_label("決めきれず").check()
    page.locator("#id_driver").select_option("price")
    page.locator("#id_lesson").fill("決裁者に一度会う。")
    page.get_by_role("button", name="振り返りを送る").click()
    expect(page.get_by_role("alert")).to_contain_text("「価格」だけでは")
    expect(page.locator("#id_lesson")).to_have_value("決裁者に一度会う。")
    page.locator("#id_evidence").fill("差は月額220円")
    page.get_by_role("button", name="振り返りを送る").click()
    page.get_by_role("link", name="この商談の振り返りを読む").click()
    expect(page.get_by_text("決裁者に一度会う。")).to_be_visible()
    lost.refresh_from_db()
    assert (lost.result, lost.no_decision_reason) == ("no_decision", "indecision")


def test_consent_is_written_down_beside_the_quote(
    written: Retro, mori: User, page_as: Open, axe: Axe
) -> None:
    page = page_as(mori)
    page.goto(written.get_absolute_url())
    quote = page.locator(".quote").nth(1)
    quote.locator("summary").click()
    quote.get_by_label("引用の同意").select_option("named")
    quote.get_by_label("話した方").fill("購買課長")
    assert axe(page) == []
    quote.get_by_role("button", name="記録する").click()
    expect(page.locator(".quote").nth(1)).to_contain_text("名前を出して引用してよい")


@pytest.mark.parametrize(
    ("width", "language", "dark"),
    [(390, "ja", True), (390, "en", False), (1280, "ja", False), (1280, "en", True)],
)
def test_every_page_is_accessible_and_nothing_is_cut_off(
    width: int, language: str, dark: bool, written: Retro, lee: User, sato: User, page_as: Open, axe: Axe
) -> None:
    User.objects.update(language=language)
    page = page_as(User.objects.get(pk=sato.pk), width=width, dark=dark)
    pages = {
        "deal": written.get_absolute_url(),
        "retro": f"/deals/{written.pk}/retro/",
        "panel": f"/deals/{written.pk}/retro/panel/",
        "drivers": "/drivers/",
        "queue": "/deals/queue/",
    }
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, address in pages.items():
        page.goto(address, wait_until="networkidle")
        assert axe(page) == [], name
        assert fits(page, width), name
        mode = "dark" if dark else "light"
        page.screenshot(path=PICTURES / f"retro-{name}-{width}-{mode}-{language}.png", full_page=True)
