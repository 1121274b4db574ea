"""The short form of a retrospective, and the forms of quotes and drivers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from deals.crm.models import DECIDED, Deal, LostTo, NoDecisionReason, Result
from deals.retros.content import Outcome, Rated, RetroContent, Said
from deals.retros.fields import (
    AS_THE_OUTCOME,
    IMPORTANCE,
    NOBODY_NAMED,
    PERFORMANCE,
    SPEAKER_LENGTH,
    QuoteRow,
    RatingRow,
    consent_field,
    quote_fields,
    rating_fields,
    text_field,
)
from deals.retros.models import NAME_LENGTH, Consent, Driver, Quote, Retro, Says
from deals.retros.prefill import BUYER, OTHER, REP, main_rating, whose_of
from deals.retros.queries import (
    articles_for,
    default_performance,
    driver_choices,
    drivers_for,
    is_price,
    winners_for,
)
from kb.articles.models import Article
from kb.market.models import NAME_LENGTH as COMPETITOR_LENGTH
from kb.text import tag_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.accounts.models import User

ROWS_OF_DRIVERS, ROWS_OF_QUOTES, MOST_ROWS = 2, 1, 99
ROW_FIELD = re.compile(r"^(driver|quote)_([1-9]\d?)$")


class RetroForm(forms.Form):
    """Three questions on a win, four otherwise; everything below `more` may be left alone."""

    result = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(value.value, value.label) for value in DECIDED],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of the deal.")},
    )
    winner = forms.ChoiceField(label=_("Who did they choose?"), required=False, widget=forms.RadioSelect)
    winner_name = forms.CharField(
        label=_("Its name, if you know it"),
        required=False,
        max_length=COMPETITOR_LENGTH,
        widget=forms.TextInput(attrs={"list": "competitor-names", "autocomplete": "off"}),
    )
    reason = forms.ChoiceField(
        label=_("Why was nothing decided?"),
        choices=NoDecisionReason.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    driver = forms.ChoiceField(
        label=_("What decided it most?"),
        error_messages={"required": _("Choose what decided it most.")},
    )
    whose = forms.ChoiceField(
        label=_("Whose words are these?"),
        choices=[(BUYER, _("The customer's")), (REP, _("My own reading"))],
        initial=REP,
        required=False,
        widget=forms.RadioSelect,
    )
    evidence = text_field(
        _("What it rests on"),
        rows=3,
        help_text=_("One sentence, as you heard it. No names of people, please."),
    )
    lesson = text_field(
        _("One thing for the next person"),
        rows=2,
        required=True,
        help_text=_("About the way of going about it, not about people."),
        placeholder=_("For example: bring support along to the first meeting"),
        error_messages={"required": _("Write one thing that the next person can do.")},
    )
    performance = forms.ChoiceField(
        label=_("How we did there"), choices=[AS_THE_OUTCOME, *PERFORMANCE], required=False
    )
    importance = forms.ChoiceField(
        label=_("How much it counted"), choices=IMPORTANCE, initial="3", required=False
    )
    hypothesis = text_field(
        _("What we think happened"),
        rows=3,
        help_text=_("Our own reading. It stays apart from the customer's words."),
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"data-picker": "tags", "autocomplete": "off"}),
    )
    articles = forms.ModelMultipleChoiceField(
        label=_("Pages that were used"),
        queryset=Article.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-picker": "pages"}),
    )
    base_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    deal_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, user: User, deal: Deal, retro: Retro | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.deal, self.retro = user, deal, retro
        self.main = main_rating(retro)
        self.drivers = {driver.key: driver for driver in drivers_for(user, deal.pk)}
        self.competitors = winners_for(deal, user, chosen=str(next(iter(self._values("winner")), "")))
        choices = [("", _("Choose")), *driver_choices(self.drivers.values())]
        self.fields["driver"].choices = choices  # type: ignore[attr-defined]
        self._offer()
        for number in range(1, self._rows("driver", ROWS_OF_DRIVERS) + 1):
            self.fields |= rating_fields(number, choices)
        for number in range(1, self._rows("quote", ROWS_OF_QUOTES) + 1):
            self.fields |= quote_fields(number)

    def _offer(self) -> None:
        """Fill in what depends on the deal and on who writes."""
        self.fields["winner"].choices = [  # type: ignore[attr-defined]
            *((str(one.pk), one.name) for one in self.competitors),
            (OTHER, _("Another competitor")),
            (LostTo.INCUMBENT.value, LostTo.INCUMBENT.label),
            (LostTo.IN_HOUSE.value, LostTo.IN_HOUSE.label),
            (LostTo.NOT_KNOWN.value, LostTo.NOT_KNOWN.label),
        ]
        chosen = [int(pk) for pk in self._values("articles") if str(pk).isdecimal()]
        field = self.fields["articles"]
        field.queryset = Article.objects.visible_to(self.user)  # type: ignore[attr-defined]
        field.widget.choices = [(one.pk, one.title) for one in articles_for(self.user, chosen)]

    def _values(self, name: str) -> Iterable[Any]:
        if self.is_bound:
            return self.data.getlist(name) if isinstance(self.data, QueryDict) else self.data.get(name, ())
        value = self.initial.get(name, ())
        return [value] if isinstance(value, str) else value

    def _rows(self, name: str, least: int) -> int:
        """How many rows to show: those that came with the data, and some to write in."""
        source: Mapping[str, Any] = self.data if self.is_bound else self.initial
        numbers = [int(found[2]) for key in source if (found := ROW_FIELD.match(key)) and found[1] == name]
        if self.is_bound and numbers:
            return max(numbers)
        return min(max(numbers) + 1 if numbers else least, MOST_ROWS)

    # ------------------------------------------------------------ for the template

    @property
    def rating_rows(self) -> list[RatingRow]:
        return [
            RatingRow(*(self[f"{name}_{n}"] for name in RatingRow._fields)) for n in self._numbers("driver")
        ]

    @property
    def quote_rows(self) -> list[QuoteRow]:
        return [
            QuoteRow(self[f"quote_{n}"], self[f"speaker_{n}"], self[f"consent_{n}"])
            for n in self._numbers("quote")
        ]

    def _numbers(self, name: str) -> list[int]:
        return [int(found[2]) for key in self.fields if (found := ROW_FIELD.match(key)) and found[1] == name]

    @property
    def more_is_used(self) -> bool:
        """Whether something below `more` is filled in or wrong, so that it stands open."""
        names = ("performance", "hypothesis", "tags", "articles", "driver_1", "quote_1")
        short = ("result", "winner", "winner_name", "reason", "driver", "whose", "evidence", "lesson")
        return any(self[name].value() for name in names) or any(name not in short for name in self.errors)

    # ------------------------------------------------------------ drafts

    def for_draft(self) -> dict[str, list[str]]:
        """The fields as typed, whether they are valid or not."""
        return {
            name: [str(value).replace("\x00", "") for value in self._values(name)]
            for name in self.fields
            if name not in ("base_version", "deal_version") and name in self.data
        }

    def resume(self) -> RetroForm:
        """Show what was typed without judging it yet."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        return self

    # ------------------------------------------------------------ checks

    def clean_tags(self) -> list[str]:
        return tag_names([str(self.cleaned_data["tags"])])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("result") == Result.NO_DECISION
            and not cleaned.get("reason")
            and "reason" not in self.errors
        ):
            self.add_error("reason", _("Choose why nothing was decided."))
        self._need_evidence("driver", "evidence")
        seen = {(cleaned.get("driver"), self._main_says())}
        for number in self._numbers("driver"):
            self._check_rating(number, seen)
        for number in self._numbers("quote"):
            self._check_quote(number)
        return cleaned

    def _need_evidence(self, driver: str, evidence: str) -> None:
        named = self.drivers.get(self.cleaned_data.get(driver, ""))
        if named is not None and is_price(named) and not self.cleaned_data.get(evidence, "").strip():
            self.add_error(
                evidence,
                _("Price alone says little. Write in one sentence what it rests on, such as the difference."),
            )

    def _check_rating(self, number: int, seen: set[tuple[str | None, str]]) -> None:
        key = self.cleaned_data.get(f"driver_{number}", "")
        if not key:
            if self.cleaned_data.get(f"evidence_{number}"):
                self.add_error(f"driver_{number}", _("Choose what this sentence is about."))
            return
        self._need_evidence(f"driver_{number}", f"evidence_{number}")
        pair = (key, self.cleaned_data.get(f"says_{number}") or Says.REP.value)
        if pair in seen:
            self.add_error(
                f"driver_{number}", _("The same witness has named this already. Put both sentences there.")
            )
        seen.add(pair)

    def _check_quote(self, number: int) -> None:
        text, speaker = (
            self.cleaned_data.get(f"quote_{number}", ""),
            self.cleaned_data.get(f"speaker_{number}", ""),
        )
        if speaker and not text:
            self.add_error(f"quote_{number}", _("Write what was said."))
        if text and self.cleaned_data.get(f"consent_{number}") == Consent.NAMED and not speaker:
            self.add_error(f"speaker_{number}", NOBODY_NAMED)

    # ------------------------------------------------------------ what to write

    def _main_says(self) -> str:
        """Who says the main driver. A buyer is interviewed by somebody else than the deal's owner: what an owner heard
        is the rep's word, with the customer's own beside it as a quote. What was recorded before stays."""
        buyer = self.cleaned_data.get("whose") == BUYER
        if self.main is not None and buyer == (whose_of(self.main, self.retro) == BUYER):
            return str(self.main.says)
        if buyer and self.deal.owner_id != self.user.pk:
            return Says.BUYER_INTERVIEW.value
        return Says.REP.value

    def content(self) -> RetroContent:
        """What to send; call it once the form is valid."""
        data = self.cleaned_data
        return RetroContent(
            lesson=data["lesson"],
            hypothesis=data["hypothesis"],
            ratings=self._ratings(),
            quotes=self._quotes(),
            tags=data["tags"],
            articles=list(data["articles"]),
            outcome=self._outcome(),
        )

    def _outcome(self) -> Outcome:
        data = self.cleaned_data
        winner = data["winner"]
        known = {str(one.pk): one for one in self.competitors}
        against = winner == OTHER or winner in known
        return Outcome(
            result=data["result"],
            lost_to=LostTo.COMPETITOR if against else winner or self.deal.lost_to,
            competitor=known.get(winner) or (None if against else self.deal.competitor),
            competitor_name=data["winner_name"] if winner == OTHER else "",
            no_decision_reason=data["reason"],
        )

    def _ratings(self) -> list[Rated]:
        """The main driver, then the further ones; of every other witness the first named is the main one."""
        data = self.cleaned_data
        says = self._main_says()
        found = [self._rated(data["driver"], says, first=True, suffix="")]
        led = {says}
        for number in self._numbers("driver"):
            if key := data[f"driver_{number}"]:
                says = data[f"says_{number}"] or Says.REP.value
                found.append(self._rated(key, says, first=says not in led, suffix=f"_{number}"))
                led.add(says)
        return found

    def _rated(self, key: str, says: str, *, first: bool, suffix: str) -> Rated:
        data = self.cleaned_data
        given = data[f"performance{suffix}"]
        return Rated(
            driver=key,
            says=says,
            performance=int(given) if given else default_performance(data["result"]),
            importance=int(data[f"importance{suffix}"] or (2 if suffix else 3)),
            first=first,
            evidence=data[f"evidence{suffix}"],
        )

    def _quotes(self) -> list[Said]:
        data = self.cleaned_data
        rows = [
            Said(text=text, speaker=data[f"speaker_{n}"], consent=data[f"consent_{n}"] or Consent.INTERNAL)
            for n in self._numbers("quote")
            if (text := data[f"quote_{n}"].strip())
        ]
        words = data["evidence"].strip()
        if data["whose"] == BUYER and words and words not in {said.text for said in rows}:
            rows.insert(0, Said(text=words))
        return rows


class QuoteForm(forms.Form):
    """Words a customer said, or how far words that are known may go."""

    text = text_field(_("In the customer's words"), rows=2, required=True)
    speaker = forms.CharField(label=_("Who said it"), required=False, max_length=SPEAKER_LENGTH)
    consent = consent_field(required=True)
    said_on = forms.DateField(
        label=_("Said on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, quote: Quote | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if quote is not None:
            del self.fields["text"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("consent") == Consent.NAMED and not cleaned.get("speaker"):
            self.add_error("speaker", NOBODY_NAMED)
        return cleaned


def parents() -> list[Any]:
    """What may have something below it, as a select shows it."""
    accepted = Driver.objects.filter(level__lt=3, accepted=True).select_related("parent__parent")
    return [("", _("Choose")), *driver_choices(accepted)]


class ProposalForm(forms.Form):
    """A driver that the tree lacks."""

    parent = forms.ChoiceField(label=_("Where it belongs"), choices=parents)
    name = forms.CharField(label=_("What to call it"), max_length=NAME_LENGTH)

    def clean_parent(self) -> Driver:
        return Driver.objects.get(key=self.cleaned_data["parent"])


class AcceptForm(forms.Form):
    """A proposal's names in both languages."""

    name_ja = forms.CharField(label=_("In Japanese"), max_length=NAME_LENGTH)
    name_en = forms.CharField(label=_("In English"), max_length=NAME_LENGTH)
