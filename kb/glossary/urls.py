"""The addresses of the glossary."""

from django.urls import path, register_converter

from kb.glossary import views


class Numbers:
    """Numbers of terms joined by commas, as a word with several meanings has them."""

    regex = "[0-9]{1,18}(?:,[0-9]{1,18}){0,19}"

    def to_python(self, value: str) -> list[int]:
        return [int(number) for number in value.split(",")]

    def to_url(self, value: list[int] | int | str) -> str:
        return ",".join(map(str, value)) if isinstance(value, list) else str(value)


register_converter(Numbers, "numbers")

app_name = "glossary"
urlpatterns = [
    path("glossary/", views.index, name="index"),
    path("glossary/new/", views.new, name="new"),
    path("glossary/deleted/", views.all_deleted, name="all_deleted"),
    path("glossary/<numbers:numbers>/card/", views.card, name="card"),
    path("glossary/<int:pk>/edit/", views.edit, name="edit"),
    path("glossary/<int:pk>/history/", views.history, name="history"),
    path("glossary/<int:pk>/status/", views.status, name="status"),
    path("glossary/<int:pk>/delete/", views.delete, name="delete"),
    path("glossary/<int:pk>/deleted/", views.deleted, name="deleted"),
    path("g/<path:form>/", views.term, name="term"),
]
