"""The forms of deals, companies, competitors and products."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from deals.crm.actions import DealContent, ensure_company
from deals.crm.models import Company, Deal, LostTo, NoDecisionReason, Result, WonAgainst
from kb.access.actions import Readers
from kb.accounts.forms import ReadersFields
from kb.accounts.models import User
from kb.market.actions import clean_name, ensure
from kb.market.models import NAME_LENGTH, Competitor, Industry, Product
from kb.market.queries import named
from kb.text import fold, tag_names

if TYPE_CHECKING:
    from kb.market.models import Named

READERS = [("everyone", _("Everyone with an account")), ("chosen", _("Only these departments and people"))]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def name_field(label: Any, *, required: bool = False, offers: str = "") -> forms.CharField:
    """A name typed or picked; the page offers the known ones."""
    widget = forms.TextInput(attrs={"autocomplete": "off", **({"list": offers} if offers else {})})
    return forms.CharField(label=label, required=required, max_length=NAME_LENGTH, widget=widget)


class DealForm(ReadersFields):
    """A deal as it is entered by hand. Names not known yet are made when it is saved."""

    name = forms.CharField(
        label=_("Deal"), max_length=200, error_messages={"required": _("Give the deal a name.")}
    )
    company = forms.CharField(
        label=_("Company"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "companies"}),
    )
    result = forms.ChoiceField(
        label=_("Result"),
        choices=Result.choices,
        initial=Result.OPEN,
        widget=forms.RadioSelect(attrs={"data-look": "pills"}),
    )
    lost_to = forms.ChoiceField(label=_("Who won it"), choices=[("", "—"), *LostTo.choices], required=False)
    won_against = forms.ChoiceField(
        label=_("Whom it was won against"),
        choices=[("", "—"), *WonAgainst.choices],
        required=False,
        help_text=_("Who else was in the running, or what it replaces. The rate against others counts it."),
    )
    no_decision_reason = forms.ChoiceField(
        label=_("Why nothing was decided"), choices=[("", "—"), *NoDecisionReason.choices], required=False
    )
    competitor = name_field(_("Competitor"), offers="competitors")
    product = name_field(_("Product"), offers="products")
    amount = forms.DecimalField(
        label=_("Amount"), required=False, min_value=0, max_digits=16, decimal_places=2
    )
    currency = forms.CharField(label=_("Currency"), required=False, min_length=3, max_length=3)
    opened_on = forms.DateField(label=_("Opened on"), required=False, widget=DAY)
    closed_on = forms.DateField(label=_("Closed on"), required=False, widget=DAY)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.filter(is_active=True), required=False
    )
    owner_team = forms.CharField(label=_("Owner's team"), required=False, max_length=100)
    region = forms.CharField(label=_("Region"), required=False, max_length=100)
    segment = forms.CharField(label=_("Segment"), required=False, max_length=100)
    stage = forms.CharField(label=_("Stage"), required=False, max_length=100)
    stage_lost = forms.CharField(label=_("Stage lost"), required=False, max_length=100)
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        widget=forms.TextInput(attrs={"data-picker": "tags", "autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    readers = forms.ChoiceField(
        label=_("Who may read"), choices=READERS, widget=forms.RadioSelect, initial="everyone"
    )
    base_version = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0, required=False)

    field_order = [
        "name", "company", "result", "lost_to", "won_against", "no_decision_reason", "competitor", "product", "amount", "currency",
        "opened_on", "closed_on", "owner", "owner_team", "region", "segment", "stage", "stage_lost", "tags", "note",
        "readers", "departments", "people",
    ]  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["currency"].initial = settings.CURRENCY

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"] or settings.CURRENCY).upper()
        if not (code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("A currency is a code of three letters such as JPY."))
        return code

    def clean_tags(self) -> list[str]:
        return tag_names([str(self.cleaned_data["tags"])])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opened, closed = cleaned.get("opened_on"), cleaned.get("closed_on")
        if opened and closed and closed < opened:
            self.add_error("closed_on", _("The deal closes before it opens. Check both days."))
        if cleaned.get("readers") == "chosen":
            self.check_readers(self.user)
        return cleaned

    def content(self) -> DealContent:
        """What to save; names that are new are made. Call it once the form is valid, inside the view's action."""
        data = self.cleaned_data
        company = data["company"].strip()
        plain = (
            "name",
            "owner",
            "owner_team",
            "region",
            "segment",
            "stage",
            "stage_lost",
            "opened_on",
            "closed_on",
        )
        outcome = (
            "amount", "currency", "result", "lost_to", "won_against", "no_decision_reason", "note", "tags",
        )  # fmt: skip
        return DealContent(
            **{name: data[name] for name in (*plain, *outcome)},
            company=ensure_company(company, by=self.user) if company else None,
            competitor=ensure(Competitor, data["competitor"], by=self.user) if data["competitor"] else None,
            product=ensure(Product, data["product"], by=self.user) if data["product"] else None,
            owner_name="" if data["owner"] else str(self.initial.get("owner_name", "")),
            readers=Readers(everyone=True) if data["readers"] == "everyone" else self.chosen_readers(),
        )


def typed(amount: Decimal | None) -> Decimal | None:
    """An amount as one types it: 1110000, not 1110000.00."""
    whole = amount is not None and amount == amount.to_integral_value()
    return amount.quantize(Decimal(1)) if amount is not None and whole else amount


def initial_of(deal: Deal) -> dict[str, object]:
    """A deal's fields as the form shows them."""
    same = (
        "name", "result", "lost_to", "won_against", "no_decision_reason", "currency", "opened_on", "closed_on", "owner",
        "owner_name", "owner_team", "region", "segment", "stage", "stage_lost", "note",
    )  # fmt: skip
    audience = deal.audience
    return {
        **{name: getattr(deal, name) for name in same},
        "amount": typed(deal.amount),
        "company": deal.company.name if deal.company else "",
        "competitor": deal.competitor.name if deal.competitor else "",
        "product": deal.product.name if deal.product else "",
        "tags": ", ".join(sorted(deal.tags.names())),
        "readers": "everyone" if audience.everyone else "chosen",
        "departments": list(audience.departments.all()),
        "people": list(audience.people.all()),
        "base_version": deal.version,
    }


class CompanyForm(forms.Form):
    """A company."""

    name = forms.CharField(label=_("Name"), max_length=200)
    industry = name_field(_("Industry"), offers="industries")
    region = forms.CharField(label=_("Region"), required=False, max_length=100)
    employees = forms.IntegerField(label=_("Employees"), required=False, min_value=1, max_value=10_000_000)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, user: User, company: Company | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.company = user, company

    def clean_name(self) -> str:
        name = clean_name(str(self.cleaned_data["name"]))
        other = (
            Company.objects.filter(folded=fold(name))
            .exclude(pk=self.company.pk if self.company else 0)
            .first()
        )
        if other is not None:
            raise forms.ValidationError(_("There is a company of this name already."))
        return name

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["industry"] = ensure(Industry, data["industry"], by=self.user) if data["industry"] else None
        return data


class NamedForm(forms.Form):
    """A competitor or a product: its name, how else it is written, a note."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    near_names = forms.CharField(
        label=_("Also written"),
        required=False,
        help_text=_("One a line. Width and capitals make no difference."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    model: type[Named]

    def __init__(self, *args: Any, thing: Named | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thing = thing

    def clean_near_names(self) -> list[str]:
        return [line for line in map(clean_name, str(self.cleaned_data["near_names"]).splitlines()) if line]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for field in ("name", "near_names"):
            texts = (
                [cleaned[field]] if field == "name" and "name" in cleaned else cleaned.get("near_names", [])
            )
            for text in texts:
                other = named(self.model, text)  # type: ignore[type-var]
                if other is not None and other.pk != (self.thing.pk if self.thing else 0):
                    self.add_error(
                        field, _("%(text)s is %(name)s already.") % {"text": text, "name": other.name}
                    )
        return cleaned


class CompetitorForm(NamedForm):
    """A competitor."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    model = Competitor


class ProductForm(NamedForm):
    """A product."""

    retired = forms.BooleanField(label=_("No longer sold"), required=False)
    model = Product


def initial_of_named(thing: Competitor | Product) -> dict[str, object]:
    return {
        "name": thing.name,
        "near_names": "\n".join(near.text for near in thing.near_names.all()),
        "note": thing.note,
        "website": getattr(thing, "website", ""),
        "retired": getattr(thing, "retired", False),
    }
