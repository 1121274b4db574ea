"""The app of the glossary."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GlossaryApp(AppConfig):
    name = "kb.glossary"
    verbose_name = _("Glossary")
