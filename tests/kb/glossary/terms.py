"""Terms made through the real action, with everything not said filled in."""

from __future__ import annotations

from typing import Any

from kb.access.actions import Readers
from kb.accounts.models import Department, User
from kb.glossary.actions import TermContent, save_term
from kb.glossary.models import Term


def a_term(by: User, preferred: str = "稟議", *, another_meaning: bool = False, **content: Any) -> Term:
    """A saved term, approved where `by` may approve."""
    content.setdefault("explanation", f"{preferred}とは何かを、やさしい言葉で説明します。")
    content.setdefault("status", "approved")
    return save_term(
        by=by, content=TermContent(preferred=preferred, **content), another_meaning=another_meaning
    )


def only(department: str) -> Readers:
    """Readers: one department."""
    return Readers(departments=[Department.objects.get(name=department)])
