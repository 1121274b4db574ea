"""Every address of the site, and what to ask there: a new one has to be entered here, or the test of the addresses fails."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from django.urls import URLPattern, URLResolver, get_resolver

from tests.journeys.leaks import deals_asks, kb_asks
from tests.journeys.leaks.asks import ADMINISTRATOR, EDITOR, WRITER, Asks, plain

SURFACES: dict[str, Asks] = {
    "home": plain("home"),
    "accounts:profile": plain("accounts:profile"),
    "accounts:people": plain("accounts:people", ADMINISTRATOR),
    "accounts:departments": plain("accounts:departments", ADMINISTRATOR),
    "search:results": kb_asks.results,
    "search:suggest": kb_asks.suggestions,
    "search:opened": kb_asks.own_search("search:opened", "own"),
    "search:read": kb_asks.noting,
    "search:remove": kb_asks.own_search("search:remove", "saved"),
    "search:failed": kb_asks.gaps("search:failed"),
    "search:failed_csv": kb_asks.gaps("search:failed_csv"),
    "search:assign": kb_asks.gaps("search:assign"),
    "search:questions": kb_asks.gaps("search:questions"),
    "search:question": kb_asks.question(),
    "search:answer": kb_asks.question("search:answer", post=True),
    "search:close": kb_asks.question("search:close", post=True),
    "glossary:index": kb_asks.glossary_index,
    "glossary:new": kb_asks.new_term,
    "glossary:all_deleted": plain("glossary:all_deleted", WRITER),
    "glossary:card": kb_asks.cards,
    "glossary:edit": kb_asks.term_editing,
    "glossary:history": kb_asks.each_term("glossary:history"),
    "glossary:status": kb_asks.each_term("glossary:status", EDITOR, post={"status": "approved"}),
    "glossary:delete": kb_asks.each_term("glossary:delete", EDITOR),
    "glossary:deleted": kb_asks.lost_term,
    "glossary:term": kb_asks.term_pages,
    "articles:list": kb_asks.article_list,
    "articles:new": kb_asks.new_page,
    "articles:preview": kb_asks.previewing,
    "articles:autosave": kb_asks.keeping,
    "articles:draft": kb_asks.own_draft("articles:draft"),
    "articles:drop_draft": kb_asks.own_draft("articles:drop_draft", post=True),
    "articles:deleted": plain("articles:deleted", WRITER),
    "articles:detail": kb_asks.each_page("articles:detail", "", "title", "heading", "text", "tag"),
    "articles:edit": lambda world: chain(
        kb_asks.each_page("articles:edit", WRITER, "title", "text")(world),
        kb_asks.saving("articles:edit")(world),
    ),
    "articles:merge": kb_asks.saving("articles:merge"),
    "articles:history": kb_asks.each_page("articles:history", "", "note"),
    "articles:version": kb_asks.versions,
    "articles:restore": kb_asks.restoring,
    "articles:delete": kb_asks.each_page("articles:delete", WRITER, "title"),
    "articles:undelete": kb_asks.undeleting,
    "articles:collection_new": plain("articles:collection_new", WRITER),
    "articles:collection": kb_asks.each_shelf("articles:collection"),
    "articles:collection_edit": kb_asks.each_shelf("articles:collection_edit", EDITOR),
    "articles:collection_delete": kb_asks.each_shelf("articles:collection_delete", EDITOR, post=True),
    "articles:tag": kb_asks.tag_pages,
    "retros:queue": plain("retros:queue", WRITER),
    "retros:submit": deals_asks.retro_forms,
    "retros:autosave": deals_asks.retro_keeping("retros:autosave"),
    "retros:drop": deals_asks.retro_keeping("retros:drop"),
    "retros:panel": deals_asks.panels,
    "retros:add_quote": deals_asks.quoting,
    "retros:consent": deals_asks.consenting,
    "retros:used_in": deals_asks.used_in,
    "retros:losses": deals_asks.losses,
    "retros:drivers": plain("retros:drivers"),
    "crm:list": deals_asks.deal_list,
    "crm:new": deals_asks.new_deal,
    "crm:import": plain("crm:import", WRITER),
    "crm:import_columns": deals_asks.importing("crm:import_columns"),
    "crm:import_check": deals_asks.importing("crm:import_check"),
    "crm:import_done": deals_asks.importing("crm:import_done"),
    "crm:import_drop": deals_asks.importing("crm:import_drop", post=True),
    "crm:import_problems": deals_asks.importing("crm:import_problems"),
    "crm:detail": deals_asks.each_deal("crm:detail", "", "name", "note"),
    "crm:edit": deals_asks.deal_editing,
    "crm:company": deals_asks.each_company("crm:company"),
    "crm:company_edit": deals_asks.each_company("crm:company_edit", WRITER),
    "crm:competitors": plain("crm:competitors"),
    "crm:competitor": deals_asks.of_market("crm:competitor", "competitor"),
    "crm:competitor_edit": deals_asks.of_market("crm:competitor_edit", "competitor", WRITER),
    "crm:competitor_new": plain("crm:competitor_new", WRITER),
    "crm:products": plain("crm:products"),
    "crm:product": deals_asks.of_market("crm:product", "product"),
    "crm:product_edit": deals_asks.of_market("crm:product_edit", "product", WRITER),
    "crm:product_new": plain("crm:product_new", WRITER),
    "analysis:page": deals_asks.analysis("analysis:page"),
    "analysis:head_to_head": deals_asks.of_market("analysis:head_to_head", "competitor"),
    "analysis:product": deals_asks.of_market("analysis:product", "product"),
    "analysis:deals": deals_asks.deals_behind,
    "analysis:csv": deals_asks.analysis("analysis:csv"),
    "analysis:xlsx": deals_asks.analysis("analysis:xlsx"),
}

SIGN_IN = "signing in and out: nothing of the site's content"
PEOPLE = "one account, by its administrator: nothing but the account"
EXEMPT = {
    "health": "says ok, to anybody",
    "search:save": "keeps the address that was sent",
    "search:forget": "takes one's own name out of the log",
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
