"""Every address of the site."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.first_page, name="home"),
    path("healthz", home.health, name="health"),
    path("", include("kb.accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("search/", include("kb.search.urls")),
    path("", include("kb.glossary.urls")),
    path("", include("kb.articles.urls")),
    path("", include("deals.retros.urls")),
    path("", include("deals.crm.urls")),
    path("", include("deals.analysis.urls")),
]

if settings.COMPONENTS_PAGE:
    from config import components

    urlpatterns.append(path("components/", components.every_state, name="components"))
