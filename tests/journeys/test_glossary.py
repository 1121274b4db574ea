"""A word's way: a writer proposes it, an editor approves it, a page underlines it, a new colleague finds it."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from kb.accounts.models import User
from kb.glossary.models import Term
from kb.search.index import drain
from tests.factories import an_article

SignIn = Callable[[User], Client]


def test_a_word_is_proposed_approved_underlined_and_found(
    signed_in: SignIn, sato: User, lee: User, ito: User
) -> None:
    article = an_article(
        sato, "提案の手順", "# 手順\n\nSSOの話。稟議は3人が読みます。稟議には順序があります。\n"
    )
    newcomer, writer, editor = signed_in(ito), signed_in(lee), signed_in(sato)

    assert newcomer.get("/g/稟議/").status_code == 404
    add = re.search(r'href="(/glossary/new/[^"]+)"', writer.get("/g/稟議/").content.decode())
    assert add is not None
    form = writer.get(add[1]).context["form"]
    assert form["preferred"].value() == "稟議"
    words = {
        "preferred": "稟議",
        "other_language": "internal approval round",
        "explanation": "担当者が書類を回し、順に承認をもらう手続き。",
        "explanation_en": "A paper goes round and each manager stamps it.",
        "readers": "everyone",
        "base_version": "0",
    }
    writer.post("/glossary/new/", words)
    term = Term.objects.get()
    assert "提案中" in newcomer.get("/g/稟議/").content.decode()

    editor.post(f"/glossary/{term.pk}/status/", {"status": "approved"})
    assert "提案中" not in newcomer.get("/g/稟議/").content.decode()

    page = newcomer.get(article.get_absolute_url()).content.decode()
    link = re.search(rf'<a class="term" href="([^"]+)" data-term="{term.pk}">稟議</a>は3人が', page)
    assert link is not None
    assert "順に承認をもらう手続き" in newcomer.get(link[1]).content.decode()
    assert "順に承認をもらう手続き" in newcomer.get(f"/glossary/{term.pk}/card/").content.decode()

    drain()
    found = newcomer.get("/search/", {"q": "internal approval round"}).content.decode()
    assert "稟議" in found
    assert term.get_absolute_url() in found


def test_a_word_for_one_department_reaches_nobody_else(signed_in: SignIn, sato: User, lee: User) -> None:
    article = an_article(sato, "割引の考え方", "特別値引き枠の使い方。\n")
    marketing = sato.departments.get()
    form = {
        "preferred": "特別値引き枠",
        "explanation": "社外には言わない枠",
        "status": "approved",
        "readers": "chosen",
        "departments": [marketing.pk],
        "base_version": "0",
    }
    signed_in(sato).post("/glossary/new/", form)
    term = Term.objects.get()
    drain()
    mine, other = signed_in(sato), signed_in(lee)
    addresses = [
        article.get_absolute_url(),
        "/glossary/",
        "/glossary/?q=特別",
        "/search/?q=特別値引き枠",
        "/",
    ]
    # before anything is searched for, since one's own searches are suggested, too
    assert "特別値引き枠" not in other.get("/search/suggest/?q=特別").content.decode()
    for address in addresses:
        assert "社外には言わない枠" not in other.get(address).content.decode()
        assert f'data-term="{term.pk}"' not in other.get(address).content.decode()
    assert f'data-term="{term.pk}"' in mine.get(article.get_absolute_url()).content.decode()
    assert "社外には言わない枠" in mine.get("/search/?q=特別値引き枠").content.decode()
    for address in (term.get_absolute_url(), f"/glossary/{term.pk}/card/", f"/glossary/{term.pk}/history/"):
        assert other.get(address).status_code == 404
