"""Two people, one page: what each wrote, what fits together by itself, and what must be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.articles.compare import Change, Merge, difference, merge, resolve
from kb.articles.models import Revision

if TYPE_CHECKING:
    from kb.articles.actions import Content
    from kb.articles.forms import ArticleForm
    from kb.articles.models import Article

MINE, THEIRS, OWN = "mine", "theirs", "own"


@dataclass(frozen=True)
class Conflict:
    """`theirs` and `mine` as differences from the version both began with; `merged` in parts, some to be chosen.

    `their_title` is set only where both changed the title.
    """

    article: Article
    base: Revision | None
    latest: Revision
    theirs: list[Change]
    mine: list[Change]
    merged: Merge
    their_title: str

    @classmethod
    def between(cls, article: Article, form: ArticleForm, base_version: int) -> Conflict:
        """Compare a valid form begun at `base_version` with the page as it stands."""
        base = article.revisions.filter(version=base_version).first()
        latest = article.revisions.select_related("by").get(version=article.version)
        start = base.body if base else ""
        data = form.cleaned_data
        both = (
            base is not None
            and base.title not in (data["title"], latest.title)
            and data["title"] != latest.title
        )
        return cls(
            article=article,
            base=base,
            latest=latest,
            theirs=difference(start, latest.body),
            mine=difference(start, data["body"]),
            merged=merge(start, data["body"], latest.body),
            their_title=latest.title if both else "",
        )

    @property
    def shown_parts(self) -> list[dict[str, object]]:
        """The parts for the page, collisions numbered from 0."""
        number = 0
        shown: list[dict[str, object]] = []
        for part in self.merged.parts:
            row = {
                "kind": part.kind,
                "text": part.text,
                "mine": part.mine,
                "theirs": part.theirs,
                "number": number,
            }
            shown.append(row)
            number += part.kind == "conflict"
        return shown

    @property
    def collisions(self) -> int:
        return sum(part.kind == "conflict" for part in self.merged.parts)

    @property
    def fitted(self) -> int:
        """How many changes were put together without asking."""
        return sum(part.kind in ("mine", "theirs", "both") for part in self.merged.parts)


def chosen_content(conflict: Conflict, form: ArticleForm, choices: Mapping[str, str]) -> Content:
    """The page to save: each collision as chosen (`choice-N`: mine, theirs, or own with its text in `own-N`).

    Where only one of the two changed a field, the change wins; where both did, mine, but for the title as chosen.
    """
    texts: list[str] = []
    for number, part in enumerate(part for part in conflict.merged.parts if part.kind == "conflict"):
        choice = choices.get(f"choice-{number}", MINE)
        own = choices.get(f"own-{number}", "").replace("\r\n", "\n")
        texts.append({THEIRS: part.theirs, OWN: own}.get(choice, part.mine))
    content = form.content()
    if conflict.base is None:
        return replace(content, body=resolve(conflict.merged, texts))
    base, latest = conflict.base, conflict.latest
    theirs_title = content.title == base.title or (
        conflict.their_title and choices.get("title-choice") == THEIRS
    )
    return replace(
        content,
        body=resolve(conflict.merged, texts),
        title=latest.title if theirs_title else content.title,
        kind=latest.kind if content.kind == base.kind else content.kind,
        language=latest.language if content.language == base.language else content.language,
        tags=merged_tags(base.tags, list(content.tags), latest.tags),
    )


def merged_tags(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """Every tag either added, without those either took away."""
    gone = (set(base) - set(mine)) | (set(base) - set(theirs))
    return [tag for tag in dict.fromkeys([*theirs, *mine]) if tag not in gone]
