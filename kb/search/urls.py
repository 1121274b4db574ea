"""Addresses of search."""

from django.urls import path

from kb.search import gaps, keeping, views

app_name = "search"

urlpatterns = [
    path("", views.results, name="results"),
    path("suggest/", views.suggestions, name="suggest"),
    path("opened/<int:pk>/", keeping.opened, name="opened"),
    path("read/", keeping.read, name="read"),
    path("saved/", keeping.save, name="save"),
    path("saved/<int:pk>/remove/", keeping.remove, name="remove"),
    path("forget/", keeping.forget, name="forget"),
    path("failed/", gaps.failed, name="failed"),
    path("failed/export.csv", gaps.export, name="failed_csv"),
    path("failed/assign/", gaps.assign, name="assign"),
    path("questions/", gaps.questions, name="questions"),
    path("questions/<int:pk>/", gaps.question, name="question"),
    path("questions/<int:pk>/answer/", gaps.answer, name="answer"),
    path("questions/<int:pk>/close/", gaps.close, name="close"),
]
