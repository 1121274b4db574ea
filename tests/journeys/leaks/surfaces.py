"""Every address of the site, and what to ask there: a new one has to be entered here, or the test of the addresses fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlencode

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from deals.crm.models import Intake
from deals.retros.models import Quote
from tests.journeys.leaks.world import COMMON, FORM, World

# The roles an address needs, as properties of people.
WRITER, EDITOR, ADMINISTRATOR = "can_write", "can_edit", "is_administrator"


@dataclass(frozen=True)
class Ask:
    """One request. places: what must be open to whoever asks, else there is nothing; role: what one must be, else nothing.

    post: the fields of a form; none: it is looked at. shows: words that stand there for whoever gets in.
    only: whose own it is. echoed: what the page repeats of the question. missing: it is there for nobody. perhaps: it may
    be missing for whoever it is open to, as well.
    """

    path: str
    places: tuple[str, ...] = ()
    role: str = ""
    post: Mapping[str, object] | None = None
    fragment: bool = False
    shows: tuple[str, ...] = ()
    only: str = ""
    echoed: str = ""
    missing: bool = False
    perhaps: bool = False


Asks = Callable[[World], Iterator[Ask]]


def at(name: str, *args: object, query: Mapping[str, object] | None = None) -> str:
    return reverse(name, args=args) + (f"?{urlencode(query, doseq=True)}" if query else "")


def plain(name: str, role: str = "") -> Asks:
    """A page without things in its address."""

    def asks(world: World) -> Iterator[Ask]:
        yield Ask(at(name), role=role)

    return asks


def words_of(world: World, thing: str, *fields: str) -> tuple[str, ...]:
    known = world.of(thing)
    return tuple(known[name] for name in fields)


# ---------------------------------------------------------------- search
def results(world: World) -> Iterator[Ask]:
    yield Ask(at("search:results"))
    yield Ask(at("search:results", query={"q": COMMON}))
    yield Ask(at("search:results", query={"q": FORM}))
    for secret in world.secrets.values():
        # Each word by itself is asked for below the page, where that takes a fraction of the time.
        if secret.field.endswith(("'s title", "'s term", "'s lesson")):
            yield Ask(at("search:results", query={"q": secret.word}), echoed=secret.word)
        if secret.field.endswith("'s tag"):
            yield Ask(at("search:results", query={"tag": secret.word}), echoed=secret.word)
    for kind in ("term", "deal", "retro", "company", "faq"):
        yield Ask(at("search:results", query={"kind": kind}))


def suggestions(world: World) -> Iterator[Ask]:
    for typed in ("頁", "商談", "zq", "company", "ひみつ"):
        yield Ask(at("search:suggest", query={"q": typed}))
    for secret in world.secrets.values():
        if secret.field.endswith(("'s title", "'s term", "'s tag", "'s name")):
            yield Ask(at("search:suggest", query={"q": secret.word[:6]}))


# ---------------------------------------------------------------- pages
PAGES = {"page0": ("shelf0", "page0"), "page1": ("shelf0",), "page2": ("shelf1", "page2")}
ALL_PAGES = {**PAGES, "gone": ("shelf1", "gone")}


def article_list(world: World) -> Iterator[Ask]:
    yield Ask(at("articles:list"))
    yield Ask(at("articles:list", query={"kind": ["faq", "battlecard"]}))
    for shelf in world.shelves.values():
        yield Ask(at("articles:list", query={"collection": shelf.pk}))
    for page in ALL_PAGES:
        tag = world.of(page)["tag"]
        yield Ask(at("articles:list", query={"tag": tag}), echoed=tag)


def each_page(name: str, role: str = "", *shown: str) -> Asks:
    """A page's own address; a deleted page has none."""

    def asks(world: World) -> Iterator[Ask]:
        for page, places in PAGES.items():
            yield Ask(at(name, world.pages[page].pk), places, role, shows=words_of(world, page, *shown))
        yield Ask(at(name, world.pages["gone"].pk), missing=True)

    return asks


def versions(world: World) -> Iterator[Ask]:
    for page, places in PAGES.items():
        for version in (1, 2):
            shows = words_of(world, page, "older text" if version == 1 else "text")
            yield Ask(at("articles:version", world.pages[page].pk, version), places, shows=shows)


def restoring(world: World) -> Iterator[Ask]:
    for page, places in PAGES.items():
        yield Ask(at("articles:restore", world.pages[page].pk, 1), places, WRITER, post={})


def saving(name: str) -> Asks:
    """A form that was begun from an older version: the answer holds the newest."""

    def asks(world: World) -> Iterator[Ask]:
        for page, places in PAGES.items():
            form = {
                "title": "別の題", "body": "別の文", "kind": "faq", "language": "ja", "readers": "collection",
                "collection": world.pages[page].collection_id, "base_version": 1, "theirs_version": 1,
            }  # fmt: skip
            yield Ask(at(name, world.pages[page].pk), places, WRITER, post=form)

    return asks


def new_page(world: World) -> Iterator[Ask]:
    yield Ask(at("articles:new"), role=WRITER)
    for shelf in world.shelves.values():
        yield Ask(at("articles:new", query={"collection": shelf.pk}), role=WRITER)
        form = {"title": "", "body": FORM, "kind": "faq", "language": "ja", "collection": shelf.pk}
        yield Ask(at("articles:new"), role=WRITER, post={**form, "readers": "collection", "base_version": 0})


def previewing(world: World) -> Iterator[Ask]:
    yield Ask(at("articles:preview"), role=WRITER, post={"body": f"{COMMON}、{FORM}。"})


def keeping(world: World) -> Iterator[Ask]:
    for page, places in PAGES.items():
        form = {"article": world.pages[page].pk, "title": "別の題", "body": "別の文", "base_version": 2}
        yield Ask(at("articles:autosave"), places, WRITER, post=form)


def own_draft(name: str, *, post: bool = False) -> Asks:
    def asks(world: World) -> Iterator[Ask]:
        for draft in world.drafts:
            places = PAGES["page0"] if draft == "draft0" and not post else ()
            # Saving the page anew throws its author's draft away.
            yield Ask(
                at(name, world.drafts[draft].pk),
                places,
                post={} if post else None,
                only=world.author_of("shelf0"),
                perhaps=draft == "draft0",
            )

    return asks


def undeleting(world: World) -> Iterator[Ask]:
    yield Ask(at("articles:undelete", world.pages["gone"].pk), ALL_PAGES["gone"], WRITER, post={})


def each_shelf(name: str, role: str = "", *, post: bool = False) -> Asks:
    def asks(world: World) -> Iterator[Ask]:
        for shelf, row in world.shelves.items():
            yield Ask(
                at(name, row.pk),
                (shelf,),
                role,
                post={} if post else None,
                shows=() if post else words_of(world, shelf, "name"),
            )

    return asks


def tag_pages(world: World) -> Iterator[Ask]:
    yield Ask(at("articles:tag", "共有札"), perhaps=True)
    for page, places in PAGES.items():
        tag = world.of(page)["tag"]
        yield Ask(at("articles:tag", tag), places, shows=words_of(world, page, "title"), echoed=tag)
    for thing in ("gone", *world.deals, *world.retros):
        tag = world.of(thing)["tag"]
        yield Ask(at("articles:tag", tag), missing=True, echoed=tag)


# ---------------------------------------------------------------- glossary
def glossary_index(world: World) -> Iterator[Ask]:
    yield Ask(at("glossary:index"))
    yield Ask(at("glossary:index", query={"row": "は"}))
    yield Ask(at("glossary:index", query={"row": "A-Z", "status": "approved"}))
    for term in world.terms:
        for name in ("term", "hidden"):
            word = world.of(term)[name]
            yield Ask(at("glossary:index", query={"q": word}), echoed=word)


def term_pages(world: World) -> Iterator[Ask]:
    for term in ("term0", "term1"):
        words = world.of(term)
        for name in ("term", "other", "short", "alias", "hidden", "barred"):
            shows = (words["explanation"],) if name == "term" else ()
            yield Ask(at("glossary:term", words[name]), (term,), shows=shows, echoed=words[name])
    lost = world.of("lost_term")["term"]
    yield Ask(at("glossary:term", lost), missing=True, echoed=lost)


def cards(world: World) -> Iterator[Ask]:
    numbers = [term.pk for term in world.terms.values()]
    for term in ("term0", "term1"):
        yield Ask(at("glossary:card", world.terms[term].pk), (term,), shows=words_of(world, term, "term"))
    # Of several, those one may see.
    yield Ask(at("glossary:card", numbers), perhaps=True)


def each_term(name: str, role: str = "", *, post: Mapping[str, object] | None = None) -> Asks:
    def asks(world: World) -> Iterator[Ask]:
        for term in ("term0", "term1"):
            yield Ask(at(name, world.terms[term].pk), (term,), role, post=post)
        yield Ask(at(name, world.terms["lost_term"].pk), role=role, post=post, missing=True)

    return asks


def term_editing(world: World) -> Iterator[Ask]:
    yield from each_term("glossary:edit", WRITER)(world)
    # Saved from an older version: the answer shows the newest beside what was typed.
    form = {"preferred": "別語", "language": "ja", "base_version": 0, "readers": "everyone"}
    yield from each_term("glossary:edit", WRITER, post=form)(world)


def new_term(world: World) -> Iterator[Ask]:
    yield Ask(at("glossary:new"), role=WRITER)
    yield Ask(at("glossary:new"), role=WRITER, post={"preferred": "", "language": "ja", "base_version": 0})


def lost_term(world: World) -> Iterator[Ask]:
    pk = world.terms["lost_term"].pk
    yield Ask(at("glossary:deleted", pk), ("lost_term",), WRITER, shows=words_of(world, "lost_term", "term"))
    yield Ask(at("glossary:deleted", pk), ("lost_term",), WRITER, post={})


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


def each_retro(name: str, *, post: Mapping[str, object] | None = None, shown: str = "") -> Asks:
    """What only those who may read a retrospective get to."""

    def asks(world: World) -> Iterator[Ask]:
        for retro, places in RETROS.items():
            shows = words_of(world, retro, shown) if shown else ()
            yield Ask(at(name, world.retros[retro].pk), places, WRITER, post=post, shows=shows)
        yield Ask(
            at(name, world.deals["deal2"].pk),
            ("deal2",),
            WRITER,
            post=None if post is None else {"x": 1},
            missing=post is not None,
        )  # noqa: E501

    return asks


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


SURFACES: dict[str, Asks] = {
    "home": plain("home"),
    "accounts:profile": plain("accounts:profile"),
    "accounts:people": plain("accounts:people", ADMINISTRATOR),
    "accounts:departments": plain("accounts:departments", ADMINISTRATOR),
    "search:results": results,
    "search:suggest": suggestions,
    "glossary:index": glossary_index,
    "glossary:new": new_term,
    "glossary:all_deleted": plain("glossary:all_deleted", WRITER),
    "glossary:card": cards,
    "glossary:edit": term_editing,
    "glossary:history": each_term("glossary:history"),
    "glossary:status": each_term("glossary:status", EDITOR, post={"status": "approved"}),
    "glossary:delete": each_term("glossary:delete", EDITOR),
    "glossary:deleted": lost_term,
    "glossary:term": term_pages,
    "articles:list": article_list,
    "articles:new": new_page,
    "articles:preview": previewing,
    "articles:autosave": keeping,
    "articles:draft": own_draft("articles:draft"),
    "articles:drop_draft": own_draft("articles:drop_draft", post=True),
    "articles:deleted": plain("articles:deleted", WRITER),
    "articles:detail": each_page("articles:detail", "", "title", "heading", "text", "tag"),
    "articles:edit": lambda world: chain(
        each_page("articles:edit", WRITER, "title", "text")(world), saving("articles:edit")(world)
    ),
    "articles:merge": saving("articles:merge"),
    "articles:history": each_page("articles:history", "", "note"),
    "articles:version": versions,
    "articles:restore": restoring,
    "articles:delete": each_page("articles:delete", WRITER, "title"),
    "articles:undelete": undeleting,
    "articles:collection_new": plain("articles:collection_new", WRITER),
    "articles:collection": each_shelf("articles:collection"),
    "articles:collection_edit": each_shelf("articles:collection_edit", EDITOR),
    "articles:collection_delete": each_shelf("articles:collection_delete", EDITOR, post=True),
    "articles:tag": tag_pages,
    "retros:queue": plain("retros:queue", WRITER),
    "retros:submit": retro_forms,
    "retros:autosave": retro_keeping("retros:autosave"),
    "retros:drop": retro_keeping("retros:drop"),
    "retros:panel": panels,
    "retros:add_quote": quoting,
    "retros:consent": consenting,
    "retros:used_in": used_in,
    "retros:losses": losses,
    "retros:drivers": plain("retros:drivers"),
    "crm:list": deal_list,
    "crm:new": new_deal,
    "crm:import": plain("crm:import", WRITER),
    "crm:import_columns": importing("crm:import_columns"),
    "crm:import_check": importing("crm:import_check"),
    "crm:import_done": importing("crm:import_done"),
    "crm:import_drop": importing("crm:import_drop", post=True),
    "crm:import_problems": importing("crm:import_problems"),
    "crm:detail": each_deal("crm:detail", "", "name", "note"),
    "crm:edit": deal_editing,
    "crm:company": each_company("crm:company"),
    "crm:company_edit": each_company("crm:company_edit", WRITER),
    "crm:competitors": plain("crm:competitors"),
    "crm:competitor": of_market("crm:competitor", "competitor"),
    "crm:competitor_edit": of_market("crm:competitor_edit", "competitor", WRITER),
    "crm:competitor_new": plain("crm:competitor_new", WRITER),
    "crm:products": plain("crm:products"),
    "crm:product": of_market("crm:product", "product"),
    "crm:product_edit": of_market("crm:product_edit", "product", WRITER),
    "crm:product_new": plain("crm:product_new", WRITER),
    "analysis:page": analysis("analysis:page"),
    "analysis:deals": deals_behind,
    "analysis:csv": analysis("analysis:csv"),
    "analysis:xlsx": analysis("analysis:xlsx"),
}

SIGN_IN = "signing in and out: nothing of the site's content"
PEOPLE = "one account, by its administrator: nothing but the account"
EXEMPT = {
    "health": "says ok, to anybody",
    "accounts/login/": SIGN_IN,
    "accounts/logout/": SIGN_IN,
    "accounts/inactive/": SIGN_IN,
    "accounts/password/change/": SIGN_IN,
    "accounts/password/reset/": SIGN_IN,
    "accounts/password/reset/done/": SIGN_IN,
    "accounts/password/reset/key/done/": SIGN_IN,
    "^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": SIGN_IN,
    "accounts/": "leads to the profile",
    "accounts/<path:rest>": "answers 404, whatever it is asked",
    "accounts:language": "changes the language and leads back",
    "accounts:enter": SIGN_IN,
    "accounts:setup": SIGN_IN,
    "accounts:add_person": PEOPLE,
    "accounts:person": PEOPLE,
    "accounts:deactivate_person": PEOPLE,
    "accounts:reactivate_person": PEOPLE,
    "accounts:reset_link": PEOPLE,
    "accounts:rename_department": "a department's name, by an administrator",
    "accounts:remove_department": "a department's name, by an administrator",
    "retros:accept": "drivers are everyone's; nothing but their names",
    "retros:decline": "drivers are everyone's; nothing but their names",
}
# allauth keeps its names here, and `accounts/<path:rest>` answers before them.
CLOSED = "account_"


def addresses() -> list[str]:
    """The name of every address of the site, or its pattern where it has none."""
    return [name for name in _names(get_resolver().url_patterns) if not name.startswith(CLOSED)]


def _names(patterns: list[URLPattern | URLResolver], space: str = "", route: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inside, here)
        else:
            yield f"{space}{pattern.name}" if pattern.name else here
