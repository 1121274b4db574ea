"""The addresses of deals, companies, competitors and products."""

from django.urls import path

from deals.crm import views

app_name = "crm"
urlpatterns = [
    path("deals/", views.listing, name="list"),
    path("deals/new/", views.new, name="new"),
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
