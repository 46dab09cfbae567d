"""Prints of a period in numbers: counted by the database, shown, and taken along as CSV."""

import csv
import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from support.accounts import signed_in
from support.region_rows import job_row

from dashboard import models
from dashboard.figures import counting, spreadsheet
from dashboard.figures.columns import FIGURES
from dashboard.figures.period import Period, PeriodError, last_weeks
from dashboard.figures.tally import Tally
from dashboard.pages import bars
from dashboard.pages.bars import Bar
from dashboard.pages.figure_charts import MEASURES, ranked, weeks
from dashboard.rights import Role

pytestmark = pytest.mark.usefixtures("database")
BRUSSELS = ZoneInfo("Europe/Brussels")
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))


def _ms(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=BRUSSELS).timestamp() * 1000)  # type: ignore[arg-type, misc]


@pytest.fixture
def region() -> None:
    """Two libraries, one of them with two kiosks."""
    deinze, other = (
        models.Kiosk.objects.create(id=name, library="Bibliotheek Deinze") for name in ("deinze", "deinze-2")
    )
    aalter = models.Kiosk.objects.create(id="aalter")
    hour = {"estimate_s": 3600.0, "printed_s": 3600.0, "grams": 10.0}
    job_row(deinze, "a", card="tol", **hour, finished_ms=_ms(2025, 3, 29, 12, 0))
    job_row(deinze, "b", card="tol", personal=True, **hour, finished_ms=_ms(2025, 3, 30, 23, 59))
    half = {"estimate_s": 3600.0, "printed_s": 900.0, "grams": 10.0, "finished_ms": _ms(2025, 3, 31, 0, 1)}
    job_row(other, "c", card="munt", state="failed", **half)
    job_row(other, "d", card="munt", state="cancelled", **half)
    job_row(aalter, "e", card="munt", state="expired", started_ms=None, printed_s=0.0, finished_ms=_ms(2025, 4, 1))
    job_row(aalter, "f", card="tol", **hour, finished_ms=_ms(2026, 1, 1, 0, 0))
    job_row(aalter, "g", card="tol", state="printing", **hour, finished_ms=None)


def test_each_job_counts_once_in_its_library_and_year(region: None) -> None:
    counted = counting.by_library(YEAR, counting.libraries())
    assert counted["Bibliotheek Deinze"] == Tally(
        succeeded=2, stopped=1, failed=1, own=1, seconds=9000.0, grams=20.0, lost_grams=5.0
    )
    assert counted["aalter"] == Tally(unbegun=1)
    assert counting.by_card(YEAR, counting.libraries())["munt"].begun == 2
    assert counting.cards_printed(YEAR, counting.libraries()) == 2
    assert counting.cards_printed(YEAR, {"aalter": ["aalter"]}) == 0


def test_a_week_ends_at_midnight_by_the_region_s_clock_also_where_it_changes(region: None) -> None:
    weeks = counting.by_week(YEAR, counting.libraries())
    assert len(weeks) == 53 and min(weeks) == date(2024, 12, 30)
    begun = {monday: tally.begun for monday, tally in weeks.items() if tally.begun}
    assert begun == {date(2025, 3, 24): 2, date(2025, 3, 31): 2}, "summer time began on Sunday the 30th"


def test_success_leaves_out_what_people_stopped() -> None:
    assert Tally(succeeded=3, failed=1, stopped=6).success == 0.75
    assert Tally(stopped=6).success is None


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
def test_one_index_answers_it_all(region: None) -> None:
    """SQLite plans by rules; PostgreSQL by how much there is."""
    from django.db import connection

    rows = counting._finished(YEAR, ["deinze", "aalter"])
    with connection.cursor() as cursor:
        for key in ("kiosk_id", "card"):
            query, values = rows.values(key).annotate(**counting._SUMS).order_by().query.sql_with_params()
            if connection.vendor == "postgresql":  # of a handful of rows it would read them all
                cursor.execute("SET enable_seqscan = off")
                cursor.execute(f"EXPLAIN {query}", values)
            else:
                cursor.execute(f"EXPLAIN QUERY PLAN {query}", values)
            plan = " ".join(str(row) for row in cursor.fetchall())
            assert "job_figures" in plan, plan


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2025-02-01", "2025-01-31", "order"),
        ("2019-01-01", "2025-01-31", "years"),
        ("2020-01-01", "2025-01-01", "long"),
    ],
)
def test_a_period_that_cannot_be_is_refused(first: str, last: str, why: str) -> None:
    with pytest.raises(PeriodError, match=why):
        Period(date.fromisoformat(first), date.fromisoformat(last))


def test_the_last_weeks_begin_on_a_monday() -> None:
    period = last_weeks(12, date(2025, 3, 30))
    assert (period.first, len(period.weeks())) == (date(2025, 1, 6), 12)
    assert period.until_ms - period.from_ms == timedelta(weeks=12, hours=-1) // timedelta(milliseconds=1)


# --- the page and its files ------------------------------------------------------------------------


def test_the_page_shows_the_period_of_one_library(region: None) -> None:
    staff = signed_in("noor", Role.VIEWER)
    page = staff.get("/figures/?from=2025-01-01&to=2025-12-31&library=Bibliotheek+Deinze").content.decode()
    assert "<dd>4</dd>" in page and "<dd>67 %</dd>" in page and "<dd>2,5</dd>" not in page
    assert "aalter" not in page.split("</select>")[1]
    assert page.count('class="plot wide"') == 2, "by week and by model"
    whole = staff.get("/figures/?from=2025-01-01&to=2025-12-31&measure=hours").content.decode()
    assert whole.count('class="plot wide"') == 3 and "Uren geprint" in whole


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=gisteren", "geen datum"),
        ("from=2025-02-01&to=2025-01-01", "na de laatste"),
        ("from=2020-01-01&to=2025-01-01", "drie jaar"),
        ("library=Atlantis", "is er niet"),
    ],
)
def test_what_makes_no_sense_is_said(region: None, asked: str, said: str) -> None:
    staff = signed_in("noor", Role.VIEWER)
    answer = staff.get(f"/figures/?{asked}")
    assert answer.status_code == 400 and said in answer.content.decode()
    answer = staff.get(f"/figures/week.csv?{asked}")
    assert answer.status_code == 400 and said in answer.content.decode()


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_every_column_of_the_files_is_in_the_dictionary(region: None) -> None:
    staff = signed_in("noor", Role.VIEWER)
    known = {row["kolom"]: row for row in _read(staff.get("/figures/columns/columns.csv").content)}
    assert all(row["eenheid"] and row["betekenis"] for row in known.values())
    for by in ("week", "library", "model"):
        answer = staff.get(f"/figures/{by}.csv?from=2025-01-01&to=2025-12-31")
        assert f'filename="maakhoek-{by}-2025-01-01-2025-12-31.csv"' in answer["Content-Disposition"]
        rows = _read(answer.content)
        assert set(rows[0]) <= known.keys() and len(rows[0]) == 1 + len(FIGURES)
        assert sum(int(row["prints_begun"]) for row in rows) == 4
    [deinze] = [
        row
        for row in _read(staff.get("/figures/library.csv?from=2025-01-01&to=2025-12-31").content)
        if row["prints_begun"] == "4"
    ]
    assert (deinze["library"], deinze["hours"], deinze["success_percent"]) == ("Bibliotheek Deinze", "2,5", "66,7")
    assert staff.get("/figures/nobody.csv").status_code == 404
    assert Client().get("/figures/week.csv").status_code == 302


def test_a_spreadsheet_runs_nothing() -> None:
    written = spreadsheet.table(("a",), [("=1+1",), (-1,), (None,)]).decode("utf-8-sig")
    assert written.splitlines() == ["a", "'=1+1", "-1", '""']


# --- bars --------------------------------------------------------------------------------------------


def test_bars_stand_inside_their_frame_and_are_as_high_as_they_count() -> None:
    drawn = bars.standing([Bar("1/1", (3, 1, 0)), Bar("8/1", (0, 0, 8))], bars.STANDING_WIDE, 5.0)
    first, second, third = drawn.blocks
    assert third.height == pytest.approx(8 / 3 * first.height, abs=0.1)
    assert second.y + second.height == pytest.approx(first.y, abs=0.1), "parts stand on each other"
    assert min(block.y for block in drawn.blocks) >= drawn.frame.top
    assert max(block.x + block.width for block in drawn.blocks) <= drawn.frame.right_edge
    assert [tick.label for tick in drawn.levels] == ["0", "2", "4", "6", "8"]


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_long_names_are_shortened_and_values_stay_inside(size: str) -> None:
    drawn = bars.lying([Bar("Een heel lange naam van een bibliotheek", (1234.0,), "1.234 u")], size, 5.0)
    assert drawn.names[0].text.endswith("…")
    assert drawn.values[0].x < drawn.frame.width
    assert drawn.levels[-1].at <= drawn.frame.right_edge


def test_a_week_without_prints_is_a_gap_and_no_failure() -> None:
    by_week = {
        date(2025, 3, 3): Tally(succeeded=1, failed=1),
        date(2025, 3, 10): Tally(stopped=2),
        date(2025, 3, 17): Tally(failed=3),
    }
    chart = weeks(by_week, MEASURES["success"])
    for _size, drawn in chart.drawings:
        first, second, third = (tick.at for tick in drawn.labels)
        (block,) = drawn.blocks
        assert block.x < first < block.x + block.width
        assert [gap.x for gap in drawn.gaps] == [second], f"all failed at {third}: that is 0 %"
    assert chart.has_gaps and not weeks(by_week, MEASURES["prints"]).has_gaps


def test_what_has_no_success_comes_last_and_shows_none() -> None:
    tallies = {"Aalter": Tally(stopped=2), "Beveren": Tally(failed=3), "Deinze": Tally(succeeded=1)}
    chart = ranked("libraries", "", tallies.items(), MEASURES["success"])
    for _size, drawn in chart.drawings:
        assert [name.text for name in drawn.names] == ["Deinze", "Beveren", "Aalter"]
        assert [value.text for value in drawn.values] == ["100 %", "0 %", "–"]


def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    assert bars.lying([], "wide", 5.0).blocks == ()
    assert bars.standing([], bars.STANDING_NARROW, 5.0).blocks == ()
