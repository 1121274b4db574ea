"""Addresses of signing in and of people.

allauth's own addresses come after these and only keep their names: whatever of `/accounts/` is not listed here
answers 404, so that a page allauth adds one day is closed until somebody opens it.
"""

from allauth.account import views as allauth_views
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.generic import RedirectView

from kb.accounts import views
from kb.accounts.forms import NewPasswordForm, OtherPasswordForm, ResetMailForm, SignInForm

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", views.SignIn.as_view(form_class=SignInForm)),
    path("accounts/logout/", allauth_views.logout),
    path("accounts/inactive/", allauth_views.account_inactive),
    path("accounts/password/change/", allauth_views.PasswordChangeView.as_view(form_class=OtherPasswordForm)),
    path("accounts/password/reset/", allauth_views.PasswordResetView.as_view(form_class=ResetMailForm)),
    path("accounts/password/reset/done/", allauth_views.password_reset_done),
    path("accounts/password/reset/key/done/", allauth_views.password_reset_from_key_done),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.PasswordResetFromKeyView.as_view(form_class=NewPasswordForm),
    ),
    path("accounts/language/", views.switch_language, name="language"),
    path("accounts/enter/<int:pk>/", views.enter, name="enter"),
    path("accounts/setup/<str:token>/", views.set_up, name="setup"),
    path("accounts/profile/", views.profile, name="profile"),
    path("accounts/", RedirectView.as_view(pattern_name="accounts:profile")),
    path("accounts/<path:rest>", views.closed),
    path("people/", views.people, name="people"),
    path("people/new/", views.add_person, name="add_person"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/deactivate/", views.deactivate_person, name="deactivate_person"),
    path("people/<int:pk>/reactivate/", views.reactivate_person, name="reactivate_person"),
    path("people/<int:pk>/reset-link/", views.reset_link, name="reset_link"),
    path("people/departments/", views.departments, name="departments"),
    path("people/departments/<int:pk>/", views.rename_department, name="rename_department"),
    path("people/departments/<int:pk>/remove/", views.remove_department, name="remove_department"),
]
