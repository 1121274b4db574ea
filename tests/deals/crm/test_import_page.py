"""The import as a page: three steps, corrected on the way, one's own alone, and nothing left behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from deals.crm.models import Deal, ImportMapping, Intake
from deals.crm.uploads import folder_of
from kb.accounts.models import User
from tests.deals.crm.exported import ENGLISH, THREE, as_csv, as_workbook, as_zip

Enter = Callable[[User], Client]
START = "/deals/import/"


def upload(client: Client, *files: tuple[str, bytes], **fields: object) -> Intake:
    posted = {"exports": [SimpleUploadedFile(name, content) for name, content in files], **fields}
    answer = client.post(START, posted)
    assert answer.status_code == 302, answer.content.decode()
    return Intake.objects.latest("created_at")


def field_of(page: str, column: str) -> str:
    """The name of the select that belongs to a label."""
    found = re.search(rf'<label for="id_([\w-]+)">{re.escape(column)}</label>', page)
    assert found, column
    return found[1]


@pytest.fixture
def client(lee: User, signed_in: Enter) -> Client:
    lee.language = "en"
    lee.save()
    return signed_in(lee)


@pytest.fixture
def intake(client: Client) -> Intake:
    return upload(client, ("deals.csv", as_csv(ENGLISH, THREE)))


def test_three_steps_bring_the_deals_in(client: Client, intake: Intake) -> None:
    columns = client.get(intake.get_absolute_url()).content.decode()
    assert "Minato Trading" in columns
    assert "2026-03-31" in columns
    assert client.post(intake.get_absolute_url(), {}).headers["Location"] == reverse(
        "crm:import_check", args=[intake.key]
    )
    check = client.get(reverse("crm:import_check", args=[intake.key])).content.decode()
    assert "Import 3 deals" in check
    assert not Deal.objects.exists()
    answer = client.post(reverse("crm:import_check", args=[intake.key]), follow=True)
    assert Deal.objects.count() == 3
    assert "The deals are in" in answer.content.decode()
    assert not folder_of(intake).exists()


def test_the_page_says_how_the_file_was_read(client: Client, intake: Intake) -> None:
    page = client.get(intake.get_absolute_url()).content.decode()
    assert "utf-8" in page
    assert "comma" in page
    assert "3 rows" in page
    assert "1,200,000" in page


def test_columns_can_be_corrected(client: Client, intake: Intake) -> None:
    page = client.get(intake.get_absolute_url()).content.decode()
    changed = {field_of(page, "Deal Name"): "product", field_of(page, "Amount"): "-", "again": "1"}
    again = client.post(intake.get_absolute_url(), changed)
    assert again.status_code == 200
    client.post(intake.get_absolute_url(), {})
    client.post(reverse("crm:import_check", args=[intake.key]))
    assert set(Deal.objects.values_list("product__name", "amount")) == {
        ("Reports", None),
        ("Approvals", None),
        ("Stock", None),
    }


def test_words_for_outcomes_can_be_corrected(client: Client) -> None:
    rows = (("1", "検収済"), ("2", "失注"), ("3", "棚上げ"))
    intake = upload(client, ("deals.csv", as_csv(("案件ID", "結果"), rows)))
    page = client.get(intake.get_absolute_url()).content.decode()
    said = {field_of(page, "検収済"): "won", field_of(page, "棚上げ"): "no_decision"}
    client.post(intake.get_absolute_url(), said)
    # Saying something else afterwards leaves what was said before.
    client.post(intake.get_absolute_url(), {"currency": "usd"})
    client.post(reverse("crm:import_check", args=[intake.key]))
    assert dict(Deal.objects.values_list("ref", "result")) == {
        "id:1": "won",
        "id:2": "lost",
        "id:3": "no_decision",
    }
    assert set(Deal.objects.values_list("currency", flat=True)) == {"USD"}


def test_names_are_merged_and_choices_kept_under_a_name(client: Client) -> None:
    rows = (("1", "Won", "HBRPro"), ("2", "Lost", "Hibari Pro"))
    content = as_csv(("ID", "Result", "Product"), rows)
    intake = upload(client, ("deals.csv", content))
    client.post(
        intake.get_absolute_url(), {"merges": "Hibari Pro = HBR Pro\nHBRPro=HBR Pro", "save_as": "Our CRM"}
    )
    check = client.get(reverse("crm:import_check", args=[intake.key])).content.decode()
    assert "HBR Pro" in check
    client.post(reverse("crm:import_check", args=[intake.key]))
    assert set(Deal.objects.values_list("product__name", flat=True)) == {"HBR Pro"}
    mapping = ImportMapping.objects.get(name="Our CRM")
    later = upload(client, ("deals.csv", content), mapping=mapping.pk)
    assert (
        "Finish; nothing changes"
        in client.get(reverse("crm:import_check", args=[later.key])).content.decode()
    )


def test_problems_are_shown_by_row_and_can_be_taken_along(client: Client) -> None:
    rows = ((*THREE[0][:5], "2026-02-30", "=1+1"), THREE[1])
    intake = upload(client, ("deals.csv", as_csv(ENGLISH, rows)))
    page = client.get(reverse("crm:import_check", args=[intake.key])).content.decode()
    assert "2026-02-30" in page
    assert "There is no such day" in page
    assert "--" not in re.sub(r"<!--.*?-->|var\(--", "", page.split("<main", 1)[1].split("</main>")[0])
    table = client.get(reverse("crm:import_problems", args=[intake.key])).content.decode("utf-8-sig")
    assert "'=1+1" in table
    client.post(reverse("crm:import_check", args=[intake.key]))
    assert Deal.objects.count() == 1
    assert (
        "There is no such day" in client.get(reverse("crm:import_done", args=[intake.key])).content.decode()
    )


def test_linked_files_are_uploaded_together(client: Client) -> None:
    accounts = as_csv(
        ("Account Name", "Industry"), (("Minato Trading", "Trade"), ("Kaede Works", "Machines"))
    )
    intake = upload(client, ("deals.csv", as_csv(ENGLISH, THREE)), ("accounts.csv", accounts))
    assert "Industry" in client.get(intake.get_absolute_url()).content.decode()
    client.post(reverse("crm:import_check", args=[intake.key]))
    assert set(Deal.objects.values_list("company__industry__name", flat=True)) == {"Trade", "Machines", None}


def test_one_of_two_candidates_is_chosen_on_the_page(client: Client) -> None:
    archive = as_zip({"north.csv": as_csv(ENGLISH, THREE), "south.csv": as_csv(ENGLISH, THREE[:1])})
    intake = upload(client, ("both.zip", archive))
    page = client.get(intake.get_absolute_url()).content.decode()
    assert "north.csv, south.csv" in page
    client.post(intake.get_absolute_url(), {"file": "south.csv"})
    client.post(reverse("crm:import_check", args=[intake.key]))
    assert Deal.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"Name,Colour\nA,red\n", as_csv(ENGLISH, ()), bytes(range(256)) * 9, as_workbook({"x": ()})],
)
def test_a_file_that_is_no_deals_says_so_and_breaks_nothing(client: Client, content: bytes) -> None:
    if not content:
        assert client.post(START, {"exports": SimpleUploadedFile("x.csv", content)}).status_code == 422
        return
    intake = upload(client, ("x.csv", content))
    assert client.get(intake.get_absolute_url()).status_code == 200
    check = client.get(reverse("crm:import_check", args=[intake.key]))
    assert check.status_code == 200
    assert (
        "notice" in client.get(intake.get_absolute_url()).content.decode()
        or "badge-lost" in check.content.decode()
    )


def test_nothing_chosen_is_told(client: Client) -> None:
    answer = client.post(START, {})
    assert answer.status_code == 422
    assert "Choose the file that holds the deals." in answer.content.decode()


def test_an_import_that_takes_long_goes_on_where_it_was(
    client: Client, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deals.crm.importing.BATCH", 1)
    monkeypatch.setattr("deals.crm.intake.SECONDS", 0.0)
    monkeypatch.setattr("deals.crm.importing.max", lambda *_given: 0.0, raising=False)
    page = client.post(reverse("crm:import_check", args=[intake.key])).content.decode()
    assert "1 of 3 rows are in." in page
    assert "data-continue" in page
    for _again in range(3):
        answer = client.post(reverse("crm:import_check", args=[intake.key]))
    assert answer.status_code == 302
    intake.refresh_from_db()
    assert (intake.report["created"], intake.report["unchanged"], Deal.objects.count()) == (3, 0, 3)


def test_what_was_begun_is_found_again_and_can_be_dropped(client: Client, intake: Intake) -> None:
    assert "deals.csv" in client.get(START).content.decode()
    client.post(reverse("crm:import_drop", args=[intake.key]))
    assert not Intake.objects.exists()
    assert not folder_of(intake).exists()


def test_what_nobody_came_back_to_is_dropped(client: Client, intake: Intake) -> None:
    Intake.objects.update(updated_at=timezone.now() - timedelta(days=15))
    upload(client, ("more.csv", as_csv(ENGLISH, THREE)))
    assert not Intake.objects.filter(key=intake.key).exists()
    assert not folder_of(intake).exists()


def test_a_finished_import_is_not_run_again(client: Client, intake: Intake) -> None:
    client.post(reverse("crm:import_check", args=[intake.key]))
    done = reverse("crm:import_done", args=[intake.key])
    for step in ("crm:import_columns", "crm:import_check"):
        assert client.get(reverse(step, args=[intake.key])).headers["Location"] == done
    assert client.post(reverse("crm:import_check", args=[intake.key])).headers["Location"] == done
    assert Deal.objects.count() == 3


def test_names_of_files_cannot_leave_their_folder(client: Client, settings: Settings) -> None:
    intake = upload(client, ("../../evil.csv", as_csv(ENGLISH, THREE)), ("evil.csv", as_csv(ENGLISH, THREE)))
    inside = {path.name for path in folder_of(intake).iterdir()}
    assert inside == {"evil.csv", "2-evil.csv"}
    assert {path.name for path in (Path(settings.MEDIA_ROOT) / "imports").iterdir()} == {str(intake.key)}


PAGES = ("crm:import_columns", "crm:import_check", "crm:import_done", "crm:import_problems")


def test_an_import_is_ones_own(
    client: Client, intake: Intake, mori: User, takahashi: User, signed_in: Enter
) -> None:
    for person in (mori, takahashi):
        for step in PAGES:
            assert signed_in(person).get(reverse(step, args=[intake.key])).status_code == 404
        assert signed_in(person).post(reverse("crm:import_drop", args=[intake.key])).status_code == 404
    assert Intake.objects.exists()


def test_readers_and_strangers_import_nothing(intake: Intake, ito: User, signed_in: Enter) -> None:
    assert signed_in(ito).get(START).status_code == 404
    assert signed_in(ito).post(START, {}).status_code == 404
    assert Client().get(START).status_code == 302
    assert Client().get(intake.get_absolute_url()).status_code == 302


def test_wrong_methods_and_unknown_keys_are_refused(client: Client, intake: Intake) -> None:
    assert client.get(reverse("crm:import_drop", args=[intake.key])).status_code == 405
    assert client.post(reverse("crm:import_problems", args=[intake.key])).status_code == 405
    assert client.put(START).status_code == 405
    assert client.get(reverse("crm:import_columns", args=[uuid4()])).status_code == 404
    assert client.get(reverse("crm:import_done", args=[intake.key])).status_code == 404
