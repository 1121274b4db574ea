"""The app of the audit record."""

from django.apps import AppConfig


class AuditApp(AppConfig):
    name = "kb.audit"
