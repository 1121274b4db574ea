"""What to ask of deals, retrospectives and the analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from deals.crm.models import Intake
from deals.retros.models import Quote
from tests.journeys.leaks.asks import WRITER, Ask, Asks, at, words_of
from tests.journeys.leaks.kb_asks import PAGES
from tests.journeys.leaks.world import World


# ---------------------------------------------------------------- deals
def deal_list(world: World) -> Iterator[Ask]:
    yield Ask(at("crm:list"))
    for query in ({"retro": "yes"}, {"retro": "no"}, {"result": ["won", "lost"]}, {"q": "商談"}):
        yield Ask(at("crm:list", query=query))
    for company in world.companies.values():
        yield Ask(at("crm:list", query={"company": company.pk}))
    for deal in world.deals:
        words = world.of(deal)
        yield Ask(at("crm:list", query={"region": words["region"]}), echoed=words["region"])
        yield Ask(at("crm:list", query={"q": words["name"]}), echoed=words["name"])


def each_deal(name: str, role: str = "", *shown: str, post: Mapping[str, object] | None = None) -> Asks:
    def asks(world: World) -> Iterator[Ask]:
        for deal, row in world.deals.items():
            yield Ask(at(name, row.pk), (deal,), role, post=post, shows=words_of(world, deal, *shown))

    return asks


def deal_editing(world: World) -> Iterator[Ask]:
    yield from each_deal("crm:edit", WRITER, "note")(world)
    form = {"name": "別の商談", "result": "open", "currency": "JPY", "readers": "everyone", "base_version": 0}
    yield from each_deal("crm:edit", WRITER, post=form)(world)


def new_deal(world: World) -> Iterator[Ask]:
    yield Ask(at("crm:new"), role=WRITER)
    yield Ask(at("crm:new"), role=WRITER, post={"name": "", "base_version": 0})


def each_company(name: str, role: str = "") -> Asks:
    def asks(world: World) -> Iterator[Ask]:
        for company, row in world.companies.items():
            yield Ask(at(name, row.pk), (company,), role, shows=words_of(world, company, "note"))

    return asks


def of_market(name: str, thing: str, role: str = "") -> Asks:
    """Competitors and products are everyone's; their pages are made of deals that are not."""

    def asks(world: World) -> Iterator[Ask]:
        yield Ask(at(name, getattr(world.deals["deal0"], f"{thing}_id")), role=role)

    return asks


def importing(name: str, *, post: bool = False) -> Asks:
    def asks(world: World) -> Iterator[Ask]:
        for intake in Intake.objects.all():
            only = world.author_of("deal2")
            yield Ask(at(name, intake.key), only=only, post={} if post else None, perhaps=True)

    return asks


# ---------------------------------------------------------------- retrospectives
RETROS = {"retro0": ("deal0", "retro0"), "retro1": ("deal1", "retro1")}


def retro_forms(world: World) -> Iterator[Ask]:
    for retro, places in RETROS.items():
        pk = world.retros[retro].pk
        yield Ask(at("retros:submit", pk), places, WRITER, shows=words_of(world, retro, "lesson"))
        # Sent from an older version: the answer shows the newest.
        form = {
            "lesson": "別の教訓",
            "result": "won",
            "base_version": 0,
            "deal_version": 0,
            "driver": "trust",
        }
        yield Ask(at("retros:submit", pk), places, WRITER, post=form)
    yield Ask(at("retros:submit", world.deals["deal2"].pk), ("deal2",), WRITER)


def retro_keeping(name: str) -> Asks:
    def asks(world: World) -> Iterator[Ask]:
        for retro, places in RETROS.items():
            yield Ask(at(name, world.retros[retro].pk), places, WRITER, post={"lesson": "途中"})
        yield Ask(at(name, world.deals["deal2"].pk), ("deal2",), WRITER, post={"lesson": "途中"})

    return asks


def panels(world: World) -> Iterator[Ask]:
    for retro, places in RETROS.items():
        for fragment in (True, False):
            yield Ask(at("retros:panel", world.retros[retro].pk), (places[0],), fragment=fragment)


def quoting(world: World) -> Iterator[Ask]:
    for retro, places in RETROS.items():
        yield Ask(at("retros:add_quote", world.retros[retro].pk), places, WRITER, post={"text": ""})


def consenting(world: World) -> Iterator[Ask]:
    for retro, places in RETROS.items():
        for quote in Quote.objects.filter(retro=world.retros[retro]):
            yield Ask(
                at("retros:consent", quote.retro_id, quote.pk), places, WRITER, post={"consent": "named"}
            )


def used_in(world: World) -> Iterator[Ask]:
    for fragment in (True, False):
        for page, places in PAGES.items():
            yield Ask(at("retros:used_in", world.pages[page].pk), places, fragment=fragment)


def losses(world: World) -> Iterator[Ask]:
    yield Ask(at("retros:losses", world.deals["deal0"].competitor_id), fragment=True)


# ---------------------------------------------------------------- analysis
def analysis(name: str) -> Asks:
    def asks(world: World) -> Iterator[Ask]:
        for by in ("product", "region", "owner_team", "stage_lost"):
            yield Ask(at(name, query={"by": by}))
        region = world.of("deal0")["region"]
        yield Ask(at(name, query={"by": "region", "region": region}), echoed=region)

    return asks


def deals_behind(world: World) -> Iterator[Ask]:
    yield Ask(at("analysis:deals"))
    for part in ("named", "fix", "rep", "buyer", "heard", "first", "agreed"):
        yield Ask(at("analysis:deals", query={"part": part}))
    for deal in world.deals:
        owner = world.of(deal)["owner"]
        yield Ask(at("analysis:deals", query={"rep": owner}), echoed=owner)
