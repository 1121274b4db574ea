"""The things of the walk, made and changed through the real actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from deals.crm import actions as crm
from deals.crm.actions import DealContent
from deals.crm.models import Deal, Intake
from deals.retros.actions import keep_retro_draft, submit_retro
from deals.retros.content import Rated, RetroContent, Said
from deals.retros.models import Retro
from kb.articles.actions import Content, delete_article, keep_draft, save_article, save_collection
from kb.articles.models import Article
from kb.glossary.actions import TermContent, delete_term, save_term
from kb.glossary.models import Term
from kb.market.actions import ensure
from kb.market.models import Competitor, Product
from kb.search.actions import answer_question, assign_question, save_search
from kb.search.engines.base import Key
from kb.search.models import SearchLog
from tests.journeys.leaks.world import COMMON, FORM, PLACES, SHELVES, World


def make(world: World) -> World:
    """Everything through the real actions."""
    for part in (make_shelves, make_pages, make_terms, make_deals, make_retros, make_drafts, make_gaps):
        part(world)
    return world


def make_shelves(world: World) -> None:
    for name in SHELVES:
        world.shelves[name] = save_collection(
            by=world.author(name),
            name=f"棚 {world.word(name, 'name', name, found=False)}",
            description=world.word(name, "description", name, found=False),
            readers=world.readers(name),
        )


def make_pages(world: World) -> None:
    for name, shelf in (("page0", "shelf0"), ("page1", "shelf0"), ("page2", "shelf1"), ("gone", "shelf1")):
        own = (name,) if name in PLACES else ()
        places, by = (shelf, *own), world.author(shelf)
        found = name != "gone"
        words = {
            part: world.word(name, part, *places, found=found) for part in ("title", "heading", "text", "tag")
        }
        old = world.word(name, "older text", *places, found=False)
        content = Content(
            title=f"頁 {words['title']}",
            body=f"# 見出し {words['heading']}\n\n{COMMON}の話、{old}。{FORM}。",
            kind="faq" if name == "page0" else "battlecard",
            language="ja",
            collection=world.shelves[shelf],
            tags=[words["tag"], "共有札"],
            readers=world.readers(name) if own else None,
            note=world.word(name, "note", *places, found=False),
        )
        page = save_article(by=by, content=content)
        content = replace(content, body=content.body.replace(old, words["text"]), keep_readers=True)
        world.pages[name] = save_article(by=by, content=content, article=page, base_version=1)
        world.contents[name] = replace(content, keep_readers=False)
        world.keys[name] = ("article", page.pk)
    delete_article(by=world.author("gone"), article=world.pages["gone"])


def make_terms(world: World) -> None:
    for name in ("term0", "term1", "lost_term"):
        by, found = world.author(name), name != "lost_term"
        said = {
            part: world.word(name, part, name, found=found)
            for part in (
                "term", "other", "short", "alias", "hidden", "barred", "explanation", "explanation_en", "instead",
            )
        }  # fmt: skip
        content = TermContent(
            preferred=said["term"],
            language="ja",
            reading="ひみつのことば",
            other_language=said["other"],
            abbreviation=said["short"],
            aliases=[said["alias"], FORM],
            hidden=[said["hidden"]],
            forbidden=[said["barred"]],
            explanation=f"{COMMON}の{said['explanation']}。",
            explanation_en=said["explanation_en"],
            use_instead=said["instead"],
            status="approved",
            readers=world.readers(name),
        )
        world.terms[name] = save_term(by=by, content=content)
        world.contents[name] = content
        world.keys[name] = ("term", world.terms[name].pk)
    # What is said instead is shown with a term, and not searched.
    for secret in [one for one in world.secrets.values() if one.field.endswith("'s instead")]:
        world.secrets[secret.word] = replace(secret, found_as="")
    delete_term(by=world.author("lost_term"), term=world.terms["lost_term"])


def make_deals(world: World) -> None:
    """Two companies, three deals; the third, won by nobody, waits for a retrospective."""
    for name, deals in (("company0", ("deal0", "deal2")), ("company1", ("deal1",))):
        # A deal names its company: its readers read that name, too, and nothing else of the company.
        world.companies[name] = crm.save_company(
            by=world.author(name),
            name=f"{name} {world.word(name, 'name', name, also=deals)}",
            region=world.word(name, "region", name),
            note=f"{COMMON} {world.word(name, 'note', name)}",
            readers=world.readers(name),
        )
        world.keys[name] = ("company", world.companies[name].pk)
    maker = world.people["sato"]
    nova, product = ensure(Competitor, "ノヴァ", by=maker), ensure(Product, "楓", by=maker)
    results = {
        "deal0": ("lost", "competitor", ""),
        "deal1": ("won", "", ""),
        "deal2": ("no_decision", "", "ghosted"),
    }
    for name, (result, lost_to, reason) in results.items():
        words = {
            part: world.word(name, part, name)
            for part in ("name", "owner", "team", "region", "segment", "stage", "note", "tag")
        }
        content = DealContent(
            name=f"商談 {words['name']}",
            company=world.companies["company1" if name == "deal1" else "company0"],
            product=product,
            owner_name=words["owner"],
            owner_team=words["team"],
            region=words["region"],
            segment=words["segment"],
            stage=words["stage"],
            stage_lost=world.word(name, "stage lost", name, found=False) if result == "lost" else "",
            closed_on=timezone.localdate() - timedelta(days=3),
            result=result,
            lost_to=lost_to,
            no_decision_reason=reason,
            competitor=nova,
            note=f"{COMMON} {words['note']}",
            tags=[words["tag"]],
            readers=world.readers(name),
        )
        world.deals[name] = crm.save_deal(by=world.author(name), content=content)
        world.contents[name] = content
        world.keys[name] = ("deal", world.deals[name].pk)


def make_retros(world: World) -> None:
    for name, deal, page in (("retro0", "deal0", "page0"), ("retro1", "deal1", "page1")):
        places = (deal, name)
        by = world.author(name)
        words = {
            part: world.word(name, part, *places)
            for part in ("lesson", "hypothesis", "evidence", "quote", "other quote", "tag")
        }
        speaker = world.word(name, "speaker", *places, found=False)
        may_link = world.may(by.username, "shelf0", *((page,) if page in PLACES else ()))
        content = RetroContent(
            lesson=f"{COMMON}の教訓 {words['lesson']}",
            hypothesis=words["hypothesis"],
            ratings=[
                Rated(driver="incident-response", performance=-2, first=True, evidence=words["evidence"])
            ],
            quotes=[
                Said(text=words["quote"], speaker=speaker),
                Said(text=words["other quote"], consent="anonymous"),
            ],
            tags=[words["tag"]],
            articles=[world.pages[page]] if may_link else [],
            readers=world.readers(name),
        )
        world.retros[name] = submit_retro(by=by, deal=world.deals[deal], content=content)
        world.contents[name] = content
        world.keys[name] = ("retro", world.retros[name].pk)


def make_drafts(world: World) -> None:
    """What somebody writes and nobody else reads: a change, a new page, a retrospective, files to import."""
    for name, page in (("draft0", world.pages["page0"]), ("draft1", None)):
        by = world.author("shelf0")
        fields: dict[str, str | list[str]] = {
            part: world.word(name, part, found=False, only=by.username) for part in ("title", "body", "tags")
        }
        world.drafts[name] = keep_draft(by=by, fields=fields, article=page, base_version=2)
    by = world.author("deal2")
    lesson = world.word("retro draft", "lesson", found=False, only=by.username)
    keep_retro_draft(by=by, deal=world.deals["deal2"], fields={"lesson": [lesson], "result": ["no_decision"]})
    name = world.word("import", "file", found=False, only=by.username)
    Intake.objects.create(by=by, name=name)


def make_gaps(world: World) -> None:
    """A search in vain, somebody's saved search, and a question that a page answered which not everybody may read."""
    by = world.author("shelf0")
    search = SearchLog.objects.create(query="無い言葉", normal="無い言葉", viewer=by, total=0)
    saved = world.word("saved search", "name", found=False, only=by.username)
    world.searches = {
        "own": search,
        "saved": save_search(by=by, name=saved, address="q=商談"),
        "question": assign_question(by=by, query="別の無い言葉", assigned_to=world.people["lee"], note=""),
    }
    answer = Key("article", world.pages["page0"].pk)
    answer_question(by=by, question=world.searches["question"], answer=answer)


# ---------------------------------------------------------------- rights that change


def change(world: World) -> None:
    """Everything that is to have other readers gets them, and Ito may change her department; the index hears nothing yet."""
    if world.rights.joins:
        world.people["ito"].departments.add(world.homes["lee"])
        world.joined = True
    for place, spec in world.rights.later.items():
        world.specs[place] = spec
        give(world, place)


def give(world: World, place: str) -> None:
    """Write the readers of a place as they should be now."""
    by, readers, content = world.author(place), world.readers(place), world.contents.get(place)
    if place in world.shelves:
        shelf = world.shelves[place]
        save_collection(
            by=by, name=shelf.name, description=shelf.description, readers=readers, collection=shelf
        )
    elif place in world.companies:
        company = world.companies[place]
        crm.save_company(
            by=by,
            name=company.name,
            region=company.region,
            note=company.note,
            readers=readers,
            company=company,
        )
    elif isinstance(content, Content):
        page = Article.objects.get(pk=world.pages[place].pk)
        content = replace(content, readers=readers)
        save_article(by=by, content=content, article=page, base_version=page.version)
    elif isinstance(content, TermContent):
        term = Term.objects.get(pk=world.terms[place].pk)
        save_term(by=by, content=replace(content, readers=readers), term=term, base_version=term.version)
    elif isinstance(content, DealContent):
        deal = Deal.objects.get(pk=world.deals[place].pk)
        crm.save_deal(by=by, content=replace(content, readers=readers), deal=deal, base_version=deal.version)
    elif isinstance(content, RetroContent):
        retro = Retro.objects.select_related("deal").get(pk=world.retros[place].pk)
        content = replace(content, readers=readers)
        submit_retro(by=by, deal=retro.deal, content=content, base_version=retro.version)


CHANGEABLE: Iterable[str] = tuple(place for place in PLACES if place not in ("gone", "lost_term"))
