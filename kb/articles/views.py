"""The pages about articles: who, what, form, action, answer."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.articles import actions, queries
from kb.articles.conflict import Conflict, chosen_content
from kb.articles.forms import (
    ArticleForm,
    initial_of,
    initial_of_draft,
    initial_of_new,
)
from kb.articles.models import Article, Collection, Draft, Kind
from kb.glossary.marking import mark, marked
from kb.markup import render as render_markup

if TYPE_CHECKING:
    from kb.accounts.requests import SignedInRequest
    from kb.articles.models import ArticleQuerySet

ON_A_PAGE = 30


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """All pages one may see, by collection, kind and tag."""
    filters = queries.Filters.from_query(request.GET)
    visible = Article.objects.visible_to(request.user)
    articles = filters.narrow(visible)
    context = {
        **listed(request, articles),
        "collections": queries.collections_of(request.user, chosen=filters.collection),
        "kinds": queries.kinds_of(filters.narrow(visible, but="kind"), chosen=filters.kind),
        "tags": queries.tags_of(filters.narrow(visible, but="tag"), chosen=filters.tag),
        "drafts": queries.drafts_of(request.user),
        "kind_label": dict(Kind.choices)[filters.kind[0]] if len(filters.kind) == 1 else None,
    }
    return render(request, "articles/list.html", context)


def listed(request: SignedInRequest, articles: ArticleQuerySet) -> dict[str, object]:
    """One page of a list, whatever the page number says."""
    page = Paginator(articles.listed(), ON_A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "total": page.paginator.count}


@require_safe
def collection(request: SignedInRequest, pk: int) -> HttpResponse:
    shelf = get_object_or_404(Collection.objects.visible_to(request.user).select_related("audience"), pk=pk)
    articles = Article.objects.visible_to(request.user).filter(collection=shelf)
    return render(request, "articles/collection.html", {"collection": shelf, **listed(request, articles)})


@require_safe
def tag(request: SignedInRequest, name: str) -> HttpResponse:
    """The pages with a tag; a tag that only hidden pages carry does not exist."""
    articles = Article.objects.visible_to(request.user).filter(tags__name__iexact=name).distinct()
    context = listed(request, articles)
    if not context["total"]:
        raise Http404
    return render(request, "articles/tag.html", {"name": name, **context})


def readable(request: SignedInRequest, pk: int) -> Article:
    """The page, if the viewer may read it; else it does not exist."""
    try:
        return Article.objects.read_by(request.user, pk)
    except Article.DoesNotExist as missing:
        raise Http404 from missing


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    article = readable(request, pk)
    text = marked(article.html, request.user)
    context = {
        "article": article,
        "text": text,
        "around": partial(queries.around, article),
        "can_edit": request.user.can_write,
        # What the inside of the page depends on; the template keeps it for a while under this name.
        "inside": queries.fingerprint(article, text.name, by_writer=request.user.can_write),
    }
    return render(request, "articles/detail.html", context)


def writable(request: SignedInRequest, pk: int) -> Article:
    """The page, if the viewer may edit it; else it does not exist."""
    if not request.user.can_write:
        raise Http404
    return get_object_or_404(
        Article.objects.visible_to(request.user).select_related("collection__audience", "audience"), pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    if not request.user.can_write:
        raise Http404
    if request.method == "POST":
        return save(request, None)
    if not Collection.objects.visible_to(request.user).exists():
        messages.info(request, _("A page stands in a collection. Make the first one, then write."))
        return redirect("articles:collection_new")
    asked = {name: request.GET.get(name, "") for name in ("kind", "collection", "title")}
    return editor(request, ArticleForm(initial=initial_of_new(request.user, **asked), user=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    article = writable(request, pk)
    if request.method == "POST":
        return save(request, article)
    form = ArticleForm(initial=initial_of(article), user=request.user)
    return editor(
        request, form, article, draft=article.drafts.filter(by=request.user, settled_at=None).first()
    )


def editor(
    request: SignedInRequest,
    form: ArticleForm,
    article: Article | None = None,
    *,
    draft: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    """The editor with its preview; `draft` is an older one to go on with, offered above the form."""
    shown = render_markup(str(form["body"].value() or ""))
    context = {
        "form": form,
        "article": article,
        "draft": draft,
        "preview": mark(shown.html, request.user),
        "preview_plain": shown.plain,
        "words": queries.tag_names_in_use(request.user),
    }
    return render(request, "articles/editor.html", context, status=status)


def save(request: SignedInRequest, article: Article | None) -> HttpResponse:
    """Save what was posted: the page, the form with its errors, or the conflict."""
    form = ArticleForm(request.POST, user=request.user)
    if not form.is_valid():
        return editor(request, form, article, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    base_version = form.cleaned_data["base_version"] or 0
    try:
        saved = actions.save_article(
            by=request.user, content=form.content(), article=article, base_version=base_version
        )
    except actions.StaleRevision as stale:
        return conflict(request, form, stale.article, base_version)
    if article is None:
        drop_draft_named(request, request.POST.get("draft", ""))
    messages.success(request, _("Published."))
    return redirect(saved)


def drop_draft_named(request: SignedInRequest, pk: str) -> None:
    """The draft a new page grew from has done its work."""
    mine = Draft.objects.filter(by=request.user, pk=pk).first() if pk.isdecimal() else None
    if mine is not None:
        actions.drop_draft(by=request.user, draft=mine)


def conflict(
    request: SignedInRequest, form: ArticleForm, current: Article, base_version: int
) -> HttpResponse:
    """Their text, mine, and the two merged; mine is kept as a draft before anything else happens."""
    draft = actions.keep_draft(
        by=request.user, fields=form.for_draft(), article=current, base_version=base_version
    )
    context = {
        "article": current,
        "form": form,
        "draft": draft,
        "conflict": Conflict.between(current, form, base_version),
    }
    return render(request, "articles/conflict.html", context, status=HTTPStatus.CONFLICT)


@require_POST
def merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Publish two people's texts as one, each collision as it was chosen."""
    article = writable(request, pk)
    form = ArticleForm(request.POST, user=request.user)
    if not form.is_valid():
        return editor(request, form, article, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    base_version = form.cleaned_data["base_version"] or 0
    theirs = request.POST.get("theirs_version", "")
    if theirs != str(article.version):
        return conflict(request, form, article, base_version)
    actions.settle_draft(by=request.user, article=article)
    content = chosen_content(Conflict.between(article, form, base_version), form, request.POST)
    try:
        saved = actions.save_article(
            by=request.user, content=content, article=article, base_version=article.version
        )
    except actions.StaleRevision as stale:
        return conflict(request, form, stale.article, base_version)
    messages.success(request, _("Both texts are in, and published."))
    return redirect(saved)


@require_POST
def preview(request: SignedInRequest) -> HttpResponse:
    """The text as it would look; a fragment beside the editor."""
    if not request.user.can_write:
        raise Http404
    shown = render_markup(request.POST.get("body", ""))
    context = {"preview": mark(shown.html, request.user), "preview_plain": shown.plain}
    return render(request, "articles/_preview.html", context)


@require_POST
def autosave(request: SignedInRequest) -> HttpResponse:
    """Keep what is being written; answers when it was kept, and which draft it is."""
    if not request.user.can_write:
        raise Http404
    pk, own = request.POST.get("article", ""), request.POST.get("draft", "")
    article = writable(request, int(pk)) if pk.isdecimal() else None
    mine = Draft.objects.filter(by=request.user, pk=own, article=article).first() if own.isdecimal() else None
    form = ArticleForm(request.POST, user=request.user)
    base = request.POST.get("base_version", "0")
    kept = actions.keep_draft(
        by=request.user,
        fields=form.for_draft(),
        article=article,
        base_version=int(base) if base.isdecimal() else 0,
        draft=mine,
    )
    return render(request, "articles/_kept.html", {"draft": kept})


def own_draft(request: SignedInRequest, pk: int) -> Draft:
    return get_object_or_404(Draft.objects.filter(by=request.user), pk=pk)


@require_safe
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go on writing where one stopped."""
    kept = own_draft(request, pk)
    article = writable(request, kept.article_id) if kept.article_id else None
    if not request.user.can_write:
        raise Http404
    form = ArticleForm(initial=initial_of_draft(kept), user=request.user)
    response = editor(request, form, article)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    actions.drop_draft(by=request.user, draft=own_draft(request, pk))
    messages.success(request, _("The draft is gone."))
    return redirect("articles:list")


@require_safe
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    article = readable(request, pk)
    page = Paginator(queries.revisions_of(article), ON_A_PAGE).get_page(request.GET.get("page"))
    kept = queries.settled_drafts_of(request.user, article)
    return render(request, "articles/history.html", {"article": article, "page": page, "kept": kept})


@require_safe
def version(request: SignedInRequest, pk: int, version: int) -> HttpResponse:
    """One version: what changed in it, and the way back to it."""
    article = readable(request, pk)
    revision, before, changes = queries.change_in(article, version)
    context = {
        "article": article,
        "revision": revision,
        "before": before,
        "changes": changes,
        "can_restore": request.user.can_write and revision.version != article.version,
    }
    return render(request, "articles/version.html", context)


@require_POST
def restore(request: SignedInRequest, pk: int, version: int) -> HttpResponse:
    article = writable(request, pk)
    if not article.revisions.filter(version=version).exists():
        raise Http404
    note = _("Version %(version)s restored") % {"version": version}
    actions.restore_revision(
        by=request.user, article=article, version=version, base_version=article.version, note=note
    )
    messages.success(request, _("Version %(version)s is the newest again.") % {"version": version})
    return redirect(article)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then take the page away; the answer offers to put it back."""
    article = writable(request, pk)
    if request.method != "POST":
        return render(request, "articles/delete.html", {"article": article})
    actions.delete_article(by=request.user, article=article)
    context = {"article": article, "undo": reverse("articles:undelete", args=[pk])}
    return render(request, "articles/was_deleted.html", context)


@require_POST
def undelete(request: SignedInRequest, pk: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.deleted_for(request.user), pk=pk)
    if not request.user.can_write:
        raise Http404
    actions.undelete_article(by=request.user, article=article)
    messages.success(request, _("The page is back."))
    return redirect(article)


@require_safe
def deleted(request: SignedInRequest) -> HttpResponse:
    if not request.user.can_write:
        raise Http404
    gone = Article.objects.deleted_for(request.user).listed().order_by("-deleted_at")
    return render(
        request,
        "articles/deleted.html",
        {"page": Paginator(gone, ON_A_PAGE).get_page(request.GET.get("page"))},
    )
