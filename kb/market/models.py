"""Competitors, products and industries, each with the spellings it is also known by."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 120


class Named(models.Model):
    """A name and its fold, which no two of a kind share."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    folded = models.CharField(max_length=NAME_LENGTH * 2, unique=True, editable=False)
    note = models.TextField(_("note"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Competitor(Named):
    """A company that offers what we offer."""

    website = models.URLField(_("website"), blank=True)

    def get_absolute_url(self) -> str:
        return reverse("crm:competitor", args=[self.pk])


class Product(Named):
    """Something we sell."""

    retired = models.BooleanField(_("no longer sold"), default=False)

    def get_absolute_url(self) -> str:
        return reverse("crm:product", args=[self.pk])


class Industry(Named):
    """What a customer does."""


class NearName(models.Model):
    """Another spelling of a competitor, a product or an industry: exactly one of the three."""

    text = models.CharField(_("also written"), max_length=NAME_LENGTH)
    folded = models.CharField(max_length=NAME_LENGTH * 2, editable=False, db_index=True)
    competitor = models.ForeignKey(Competitor, null=True, on_delete=models.CASCADE, related_name="near_names")
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="near_names")
    industry = models.ForeignKey(Industry, null=True, on_delete=models.CASCADE, related_name="near_names")

    class Meta:
        ordering = ("text",)
        constraints = (
            models.CheckConstraint(
                name="near_name_of_one",
                condition=(
                    models.Q(competitor__isnull=False, product=None, industry=None)
                    | models.Q(competitor=None, product__isnull=False, industry=None)
                    | models.Q(competitor=None, product=None, industry__isnull=False)
                ),
            ),
            models.UniqueConstraint(fields=["competitor", "folded"], name="near_name_competitor_once"),
            models.UniqueConstraint(fields=["product", "folded"], name="near_name_product_once"),
            models.UniqueConstraint(fields=["industry", "folded"], name="near_name_industry_once"),
        )

    def __str__(self) -> str:
        return self.text
