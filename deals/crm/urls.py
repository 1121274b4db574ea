"""The addresses of deals, companies, competitors and products."""

from django.urls import path

from deals.crm import intake, views

app_name = "crm"
urlpatterns = [
    path("deals/", views.listing, name="list"),
    path("deals/new/", views.new, name="new"),
    path("deals/import/", intake.start, name="import"),
    path("deals/import/<uuid:key>/", intake.columns, name="import_columns"),
    path("deals/import/<uuid:key>/check/", intake.check, name="import_check"),
    path("deals/import/<uuid:key>/done/", intake.done, name="import_done"),
    path("deals/import/<uuid:key>/drop/", intake.drop, name="import_drop"),
    path("deals/import/<uuid:key>/problems.csv", intake.problems, name="import_problems"),
    path("deals/<int:pk>/", views.detail, name="detail"),
    path("deals/<int:pk>/edit/", views.edit, name="edit"),
    path("companies/<int:pk>/", views.company, name="company"),
    path("companies/<int:pk>/edit/", views.company_edit, name="company_edit"),
    path("competitors/", views.competitors, name="competitors"),
    path("competitors/new/", views.competitor_new, name="competitor_new"),
    path("competitors/<int:pk>/", views.competitor, name="competitor"),
    path("competitors/<int:pk>/edit/", views.competitor_edit, name="competitor_edit"),
    path("products/", views.products, name="products"),
    path("products/new/", views.product_new, name="product_new"),
    path("products/<int:pk>/", views.product, name="product"),
    path("products/<int:pk>/edit/", views.product_edit, name="product_edit"),
]
