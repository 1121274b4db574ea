"""The addresses of the analysis."""

from django.urls import path

from deals.analysis import views

app_name = "analysis"
urlpatterns = [
    path("analysis/", views.page, name="page"),
    path("analysis/deals/", views.deals, name="deals"),
    path("analysis/competitors/<int:pk>/", views.head_to_head, name="head_to_head"),
    path("analysis/products/<int:pk>/", views.product, name="product"),
    path("analysis/export.csv", views.export_csv, name="csv"),
    path("analysis/export.xlsx", views.export_xlsx, name="xlsx"),
]
