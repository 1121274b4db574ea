"""The app of deals."""

from django.apps import AppConfig


class CrmApp(AppConfig):
    name = "deals.crm"
