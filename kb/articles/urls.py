"""The addresses of pages, collections, tags and drafts."""

from django.urls import path

from kb.articles import shelves, views

app_name = "articles"
urlpatterns = [
    path("articles/", views.listing, name="list"),
    path("articles/new/", views.new, name="new"),
    path("articles/preview/", views.preview, name="preview"),
    path("articles/draft/", views.autosave, name="autosave"),
    path("articles/drafts/<int:pk>/", views.draft, name="draft"),
    path("articles/drafts/<int:pk>/drop/", views.drop, name="drop_draft"),
    path("articles/deleted/", views.deleted, name="deleted"),
    path("articles/<int:pk>/", views.detail, name="detail"),
    path("articles/<int:pk>/edit/", views.edit, name="edit"),
    path("articles/<int:pk>/merge/", views.merge, name="merge"),
    path("articles/<int:pk>/history/", views.history, name="history"),
    path("articles/<int:pk>/history/<int:version>/", views.version, name="version"),
    path("articles/<int:pk>/history/<int:version>/restore/", views.restore, name="restore"),
    path("articles/<int:pk>/delete/", views.delete, name="delete"),
    path("articles/<int:pk>/undelete/", views.undelete, name="undelete"),
    path("collections/new/", shelves.collection_new, name="collection_new"),
    path("collections/<int:pk>/", views.collection, name="collection"),
    path("collections/<int:pk>/edit/", shelves.collection_edit, name="collection_edit"),
    path("collections/<int:pk>/delete/", shelves.collection_delete, name="collection_delete"),
    path("tags/<path:name>/", views.tag, name="tag"),
]
