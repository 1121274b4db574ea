"""The app of pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesApp(AppConfig):
    name = "kb.articles"
    verbose_name = _("Pages")
