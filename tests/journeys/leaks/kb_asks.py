"""What to ask of the search, the pages and the glossary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.journeys.leaks.asks import GAPS, WRITER, Ask, Asks, at, words_of
from tests.journeys.leaks.world import COMMON, FORM, World


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


def gaps(name: str) -> Asks:
    """What was searched for in vain: the words of others, for those who fill gaps."""

    def asks(_world: World) -> Iterator[Ask]:
        query = {"q": "無い言葉"} if name == "search:assign" else None
        yield Ask(at(name, query=query), role=GAPS)

    return asks


def question(name: str = "search:question", *, post: bool = False) -> Asks:
    """A question that a page answered: the page is named to its readers alone."""

    def asks(world: World) -> Iterator[Ask]:
        yield Ask(at(name, world.searches["question"].pk), post={} if post else None, perhaps=True)

    return asks


def noting(world: World) -> Iterator[Ask]:
    for page, places in PAGES.items():
        thing = f"article:{world.pages[page].pk}"
        yield Ask(at("search:read"), places, post={"thing": thing})


def own_search(name: str, of: str) -> Asks:
    def asks(world: World) -> Iterator[Ask]:
        row, form = world.searches[of], {"position": 1}
        yield Ask(at(name, row.pk), post=form, only=world.author_of("shelf0"))

    return asks


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
