"""The addresses of retrospectives, of what waits for one, and of the driver tree."""

from django.urls import path

from deals.retros import proposals, views

app_name = "retros"
urlpatterns = [
    path("deals/queue/", views.queue, name="queue"),
    path("deals/<int:pk>/retro/", views.submit, name="submit"),
    path("deals/<int:pk>/retro/draft/", views.autosave, name="autosave"),
    path("deals/<int:pk>/retro/drop/", views.drop, name="drop"),
    path("deals/<int:pk>/retro/panel/", views.panel, name="panel"),
    path("deals/<int:pk>/retro/quotes/", views.add_quote, name="add_quote"),
    path("deals/<int:pk>/retro/quotes/<int:quote>/", views.consent, name="consent"),
    path("articles/<int:pk>/deals/", views.used_in, name="used_in"),
    path("competitors/<int:pk>/losses/", views.losses, name="losses"),
    path("drivers/", proposals.drivers, name="drivers"),
    path("drivers/<int:pk>/accept/", proposals.accept, name="accept"),
    path("drivers/<int:pk>/decline/", proposals.decline, name="decline"),
]
