"""The site's addresses and, whatever the settings say, the components page."""

from django.urls import URLPattern, URLResolver, path

from config.components import every_state
from config.urls import urlpatterns as site

urlpatterns: list[URLPattern | URLResolver] = [path("components/", every_state), *site]
