"""The pages of an import: the files, what their columns and words are, what would happen, what happened."""

from __future__ import annotations

import csv
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deals.crm.choosing import DELIMITERS, LABELS, ROLES, Chooser, FilesForm
from deals.crm.importing import Import, Options
from deals.crm.mappings import applied, save_mapping, whole
from deals.crm.models import ImportMapping, Intake
from deals.crm.sheets.choices import Choices
from deals.crm.sheets.exports import columns_at, open_export
from deals.crm.sheets.wording import Wording
from deals.crm.uploads import drop_files, drop_intake, folder_of, path_of, start_intake
from kb.text import inert

if TYPE_CHECKING:
    from kb.accounts.requests import SignedInRequest

SHOWN_PROBLEMS = 200
KEPT_PROBLEMS = 2000
# One answer writes for so long, so that the page can show how far it is.
SECONDS = 2.0
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def intake_of(request: SignedInRequest, key: UUID) -> Intake:
    """One's own import; anybody else's does not exist."""
    if not request.user.can_write:
        raise Http404
    return get_object_or_404(Intake, key=key, by=request.user)


def run_of(intake: Intake, request: SignedInRequest, **options: Any) -> Import:
    choices = Choices.from_json(intake.choices)
    asked = Options(choices=choices, wording=Wording(options=False), **options)
    return Import(path_of(intake), by=request.user, options=asked)


@get_or_post
def start(request: SignedInRequest) -> HttpResponse:
    """The first step: files are chosen, or an import that was begun is gone on with."""
    if not request.user.can_write:
        raise Http404
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    if form.is_valid():
        intake = start_intake(by=request.user, files=form.cleaned_data["exports"], choices=Choices())
        mapping: ImportMapping | None = form.cleaned_data.get("mapping")
        if mapping:
            intake.choices = applied(mapping, Choices(), columns_at(path_of(intake))).as_json()
            intake.save()
        return redirect("crm:import_columns", key=intake.key)
    waiting = [one for one in Intake.objects.filter(by=request.user)[:50] if folder_of(one).exists()]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "crm/import.html", {"form": form, "waiting": waiting[:10]}, status=status)


@get_or_post
def columns(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The second step: what each column and each word for an outcome is; "again" shows what the choices change."""
    intake = intake_of(request, key)
    if not folder_of(intake).exists():
        return redirect("crm:import_done", key=key)
    if request.method == "POST":
        keep_choices(intake, request)
        if "again" not in request.POST:
            return redirect("crm:import_check", key=key)
    export = open_export(path_of(intake), Choices.from_json(intake.choices))
    context = {
        "intake": intake,
        "chooser": Chooser(export),
        "export": export,
        "files": [
            {**file, "said": ROLES[file["role"]], "by": DELIMITERS.get(file["delimiter"], "")}
            for file in export.files()
        ],
    }
    return render(request, "crm/import_columns.html", {**context, "default_currency": settings.CURRENCY})


def keep_choices(intake: Intake, request: SignedInRequest) -> None:
    """Keep what was posted with the import, and under a name where one was given."""
    before = Choices.from_json(intake.choices)
    file = request.POST.get("file", before.file)
    if file != before.file:
        # Another table has other columns: what was said of the first one's is not said of these.
        intake.choices = {**Choices().as_json(), "file": file}
    else:
        export = open_export(path_of(intake), before)
        chosen = Chooser(export).chosen(request.POST)
        intake.choices = {**chosen.as_json(), "file": file}
    intake.choices["save_as"] = " ".join(request.POST.get("save_as", "").split())[:100]
    intake.save()


@get_or_post
def check(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The third step: what would happen, row by row; posted, it happens."""
    intake = intake_of(request, key)
    if not folder_of(intake).exists():
        return redirect("crm:import_done", key=key)
    if request.method == "POST":
        return take(request, intake)
    run = run_of(intake, request, dry_run=True)
    report = run.run()
    return render(request, "crm/import_check.html", {"intake": intake, **shown(report)})


def shown(report: dict[str, Any]) -> dict[str, Any]:
    """A report as the pages show it: refusals first, so many, and how many more there are."""
    problems = sorted(report["problems"], key=lambda one: (not one["refused"], one["row"] or 0))
    writes = report["created"] + report["updated"]
    return {
        "report": report,
        "problems": problems[:SHOWN_PROBLEMS],
        "more": max(len(problems) - SHOWN_PROBLEMS, 0),
        "writes": writes,
        "merged": [
            {**merge, "label": LABELS[merge["field"]], "source": merge["from"]} for merge in report["merged"]
        ],
    }


def take(request: SignedInRequest, intake: Intake) -> HttpResponse:
    """Write for some seconds; then go on, or say what came of it."""
    run = run_of(intake, request, seconds=SECONDS)
    report = run.run()
    written = {name: intake.report.get(name, 0) + run.written[name] for name in ("created", "updated")}
    if run.left:
        intake.report = written
        intake.save()
        context = {"intake": intake, "done": len(run.steps) - run.left, "all": len(run.steps)}
        return render(request, "crm/import_going.html", context)
    intake.report = finished(report, written)
    intake.save()
    if intake.choices.get("save_as") and run.export and run.export.linked:
        save_mapping(by=request.user, name=intake.choices["save_as"], choices=whole(run.export))
    drop_files(intake)
    return redirect("crm:import_done", key=intake.key)


def finished(report: dict[str, Any], written: dict[str, int]) -> dict[str, Any]:
    """The report of the last of several answers, with what all of them wrote."""
    unchanged = report["rows"] - report["refused"] - sum(written.values())
    return {
        **report,
        **written,
        "unchanged": unchanged,
        "problems": report["problems"][:KEPT_PROBLEMS],
        "files": [],
    }


@require_safe
def done(request: SignedInRequest, key: UUID) -> HttpResponse:
    """What came of an import."""
    intake = intake_of(request, key)
    if "rows" not in intake.report:
        raise Http404
    return render(request, "crm/import_done.html", {"intake": intake, **shown(intake.report)})


@require_POST
def drop(request: SignedInRequest, key: UUID) -> HttpResponse:
    drop_intake(intake_of(request, key))
    messages.success(request, _("The import is dropped, and its files are gone."))
    return redirect("crm:import")


@require_safe
def problems(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Everything that was told of the rows, as a table to work through; what looks like a formula is made text."""
    intake = intake_of(request, key)
    report = intake.report if "rows" in intake.report else run_of(intake, request, dry_run=True).run()
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="problems.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    names = ("file", "row", "column", "value", "message")
    writer.writerow((_("File"), _("Row"), _("Column"), _("Value"), _("What to do")))
    for problem in report["problems"]:
        cells = [str(problem[name] or "") for name in names]
        writer.writerow(map(inert, cells))
    return answer
