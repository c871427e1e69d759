"""League sheets: preview, then all or nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter
from django.db import OperationalError, connection

from tests.appraisal.conftest import AUGUST, approved
from tests.world import TODAY, World
from yiqi.appraisal.models import Framework, Indicator, Observation
from yiqi.appraisal.operations import LEAGUE_SHEET, report_observation
from yiqi.appraisal.queries.previews import league_preview
from yiqi.core.models import AuditRecord, Upload
from yiqi.core.operations.uploads import apply_upload, discard_upload, preview_upload
from yiqi.kit import clock
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, YiqiError

HEAD = ["县（市、区）", "投资增速（%）", "项目完成率（%）"]
ROWS = [["曲沃县", 9.0, 80], ["翼城县", 6.0, 100], ["襄汾县", 5.0, 60]]


def sheet(rows: Sequence[Sequence[Any]] = ROWS, head: Sequence[str] = HEAD) -> bytes:
    """A workbook with a title, a heading and rows."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write(0, 0, "2021年1—8月主要指标完成情况")
        for number, row in enumerate([head, *rows], start=1):
            page.write_row(number, 0, row)
    return stream.getvalue()


def preview(
    world: World, framework: Framework, data: bytes | None = None, value_status: str = "flash", **facts: Any
) -> Upload:
    """Upload."""
    given = {"period": AUGUST, "filename": "通报.xlsx", "asker": "office", **facts}
    by = world.who(given.pop("asker"))
    content = sheet() if data is None else data
    given |= {"options": {"value_status": value_status}}
    return preview_upload(LEAGUE_SHEET, by=by, today=TODAY, now=clock.now(), subject=framework, data=content, **given)


def apply(world: World, made: Upload, mapping: dict[str, str] | None = None) -> list[Observation]:
    """Put it into force."""
    by = world.who("office")
    return apply_upload(LEAGUE_SHEET, by=by, today=TODAY, now=clock.now(), upload=made, choices=mapping)


def counts(made: Upload) -> dict[str, int]:
    """What the import changed."""
    made.refresh_from_db()
    return {name: made.result["applied"][name] for name in ("new", "revised", "unchanged", "left_out")}


def test_a_preview_changes_no_figure(world: World, framework: Framework) -> None:
    made = preview(world, framework)
    cells = {(cell["region"], cell["indicator"]): (cell["value"], cell["state"]) for cell in made.result["cells"]}
    assert cells == {
        (region, code): (float(value), "read")
        for region, values in zip(("141021", "141022", "141023"), ROWS, strict=True)
        for code, value in zip(("A-1", "A-2"), values[1:], strict=True)
    }
    assert (made.status, Observation.objects.count()) == ("previewed", 0)


def test_what_is_applied_is_in_force_and_names_its_cell(world: World, framework: Framework) -> None:
    made = preview(world, framework, value_status="preliminary")
    written = apply(world, made)
    one = Observation.objects.get(indicator__code="A-1", region="141022")
    assert (len(written), counts(made)) == (6, {"new": 6, "revised": 0, "unchanged": 0, "left_out": 0})
    assert (one.value, one.current, one.approval, one.approved_by, one.entered_by, one.cell, one.imported_from) == (
        6, True, "approved", None, world.people["office"], "B4", made,
    )  # fmt: skip
    assert (one.source, one.value_status) == ("全市通报表《通报.xlsx》", "preliminary")


def test_the_same_sheet_again_writes_nothing(world: World, framework: Framework) -> None:
    apply(world, preview(world, framework))
    again = preview(world, framework)
    assert (apply(world, again), counts(again)) == ([], {"new": 0, "revised": 0, "unchanged": 6, "left_out": 0})
    assert Observation.objects.count() == 6


def test_a_changed_figure_becomes_the_next_revision(world: World, framework: Framework) -> None:
    apply(world, preview(world, framework))
    second = preview(world, framework, sheet([["曲沃县", 9.0, 80], ["翼城县", 6.4, 100], ["襄汾县", 5.0, 60]]))
    apply(world, second)
    rows = Observation.objects.filter(indicator__code="A-1", region="141022").order_by("revision")
    assert [(row.revision, float(row.value or 0), row.current) for row in rows] == [(1, 6.0, False), (2, 6.4, True)]
    assert counts(second) == {"new": 0, "revised": 1, "unchanged": 5, "left_out": 0}
    assert second.result["applied"]["changes"] == [
        {"indicator": "A-1", "region": "141022", "before": "6", "after": "6.4"}
    ]


def test_what_waits_for_approval_is_overtaken_and_not_lost(
    world: World, framework: Framework, indicators: dict[str, Indicator]
) -> None:
    facts = {"indicator": indicators["A-1"], "region": world.county, "period": AUGUST, "value": 7}
    waiting = report_observation(by=world.who("reporter"), today=TODAY, **facts)
    apply(world, preview(world, framework))
    rows = Observation.objects.filter(indicator=indicators["A-1"], region="141022").order_by("revision")
    assert [(row.pk == waiting.pk, row.approval, row.current) for row in rows] == [
        (True, "pending", False), (False, "approved", True),
    ]  # fmt: skip


UNKNOWN = ["县（市、区）", "固定投资的增长速度（%）", "项目完成率（%）"]


def test_an_unknown_name_is_listed_with_the_nearest_indicator(world: World, framework: Framework) -> None:
    made = preview(world, framework, sheet(head=UNKNOWN))
    unknown = league_preview(framework, made).unknown
    assert [(item.cells, item.nearest.code if item.nearest else None) for item in unknown] == [(3, "A-1")]
    assert sum(cell["indicator"] is None for cell in made.result["cells"]) == 3


def test_an_unknown_name_is_left_out_unless_it_is_said_what_it_means(world: World, framework: Framework) -> None:
    made = preview(world, framework, sheet(head=UNKNOWN))
    name = league_preview(framework, made).unknown[0].name
    assert len(apply(world, made)) == 3
    assert counts(made) == {"new": 3, "revised": 0, "unchanged": 0, "left_out": 3}
    again = preview(world, framework, sheet(head=UNKNOWN))
    assert len(apply(world, again, {name: "A-1"})) == 3
    assert counts(again) == {"new": 3, "revised": 0, "unchanged": 3, "left_out": 0}


@pytest.mark.parametrize(("code", "error"), [("A-2", "indicator_twice"), ("Z-9", "indicator_unknown")])
def test_a_name_that_means_the_wrong_thing_is_refused_whole(
    world: World, framework: Framework, code: str, error: str
) -> None:
    made = preview(world, framework, sheet(head=UNKNOWN))
    with pytest.raises(InvalidInputError) as raised:
        apply(world, made, {league_preview(framework, made).unknown[0].name: code})
    assert (raised.value.code, Observation.objects.count(), Upload.objects.get().status) == (
        error,
        0,
        "previewed",
    )


def test_cells_that_cannot_be_read_are_left_out_and_listed(world: World, framework: Framework) -> None:
    made = preview(world, framework, sheet([["曲沃县", "#DIV/0!", 80], ["翼城县", 6.0, 100], ["襄汾县", 5.0, 60]]))
    doubts = [(item.region, item.indicator, item.cell.state) for item in league_preview(framework, made).doubts]
    assert (doubts, made.result["errors"]) == ([("曲沃县", "投资增速", "error")], 1)
    apply(world, made)
    assert counts(made) == {"new": 5, "revised": 0, "unchanged": 0, "left_out": 1}


def test_nothing_usable_is_said(world: World, framework: Framework) -> None:
    made = preview(world, framework, sheet(head=["县（市、区）", "森林覆盖率（%）", "人均公园面积"]))
    with pytest.raises(InvalidInputError) as raised:
        apply(world, made)
    assert raised.value.code == "nothing_to_import"


def test_a_county_that_is_not_ranked_is_a_finding(world: World, framework: Framework) -> None:
    made = preview(world, framework, sheet([*ROWS, ["太谷县", 1.0, 1]]))
    assert ({cell["region"] for cell in made.result["cells"]}, made.result["errors"]) == (
        {"141021", "141022", "141023"},
        1,
    )


def test_an_import_is_decided_once(world: World, framework: Framework) -> None:
    made = preview(world, framework)
    discard_upload(LEAGUE_SHEET, by=world.who("office"), today=TODAY, upload=made)
    for deed in (
        lambda: apply(world, made),
        lambda: discard_upload(LEAGUE_SHEET, by=world.who("office"), today=TODAY, upload=made),
    ):
        with pytest.raises(ConflictError) as raised:
            deed()
        assert raised.value.code == "import_settled"
    assert Observation.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "通报.xlsx", "file_empty"),
        (sheet()[:900], "通报.xlsx", "file_damaged"),
        (sheet(), "通报.xlsm", "file_macros"),
        (sheet(), "通报.pdf", "file_kind"),
        (sheet(), "通报.csv", "file_wrong_content"),
        (b"\x00" * (21 * 1024 * 1024), "通报.xlsx", "file_too_large"),
        (sheet([["甲", "乙", "丙"]], ["一", "二", "三"]), "通报.xlsx", "no_league_table"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_nothing(
    world: World, framework: Framework, data: bytes, filename: str, code: str
) -> None:
    before = AuditRecord.objects.count()
    with pytest.raises(YiqiError) as raised:
        preview(world, framework, data, filename=filename)
    assert (raised.value.code, Upload.objects.count(), AuditRecord.objects.count()) == (code, 0, before)


@pytest.mark.parametrize(
    ("asker", "error"),
    [
        ("leader", NotAllowedError), ("reporter", NotAllowedError), ("reviewer", NotAllowedError),
        ("auditor", NotAllowedError), ("admin", NotFoundError), ("outsider", NotFoundError),
    ],
)  # fmt: skip
def test_only_the_office_imports(world: World, framework: Framework, asker: str, error: type[YiqiError]) -> None:
    with pytest.raises(error):
        preview(world, framework, asker=asker)
    made = preview(world, framework)
    with pytest.raises(error):
        apply_upload(LEAGUE_SHEET, by=world.who(asker), today=TODAY, now=clock.now(), upload=made)
    with pytest.raises(error):
        discard_upload(LEAGUE_SHEET, by=world.who(asker), today=TODAY, upload=made)


def full_disk(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """The database as it answers when the import's own row is written: the last write but the trail."""
    if sql.startswith('UPDATE "core_upload"'):
        raise OperationalError("disk full")
    return execute(sql, params, many, context)


def test_a_fault_in_the_middle_leaves_nothing_half_done(
    world: World, framework: Framework, indicators: dict[str, Indicator]
) -> None:
    held = approved(indicators["A-1"], world.county, 1.0, by=world.people["office"])
    made, before = preview(world, framework), AuditRecord.objects.count()
    with connection.execute_wrapper(full_disk), pytest.raises(OperationalError, match="disk full"):
        apply(world, made)
    held.refresh_from_db()
    assert (held.current, Observation.objects.count(), AuditRecord.objects.count()) == (True, 1, before)


def test_each_deed_leaves_one_record(world: World, framework: Framework) -> None:
    start = AuditRecord.objects.count()
    apply(world, preview(world, framework))
    discard_upload(LEAGUE_SHEET, by=world.who("office"), today=TODAY, upload=preview(world, framework))
    records = AuditRecord.objects.filter(sequence__gt=start).order_by("sequence")
    assert [row.verb for row in records] == ["league.preview", "league.apply", "league.preview", "league.discard"]
