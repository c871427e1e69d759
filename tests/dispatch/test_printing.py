"""Files of frozen documents: a PDF is made once for what it says; a draft's is never kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.dispatch.conftest import Drive
from tests.world import TODAY
from yiqi.dispatch.enums import Opening
from yiqi.dispatch.operations import close_week, draft_report, open_week
from yiqi.dispatch.operations.printing import minutes_file, report_file
from yiqi.kit.errors import NotFoundError


def kept() -> list[Path]:
    return sorted((Path(settings.YIQI_HOME) / "documents").glob("*"))


def test_the_pdf_of_frozen_minutes_is_made_once(drive: Drive) -> None:
    office = drive.world.who("office")
    week = open_week(by=office, today=TODAY, campaign=drive.campaign, how=Opening.HAND)
    week = close_week(by=office, today=TODAY, week=week)
    made, media_type = minutes_file(week, "pdf")
    assert (made[:5], media_type, len(kept())) == (b"%PDF-", "application/pdf", 1)
    kept()[0].write_bytes(b"%PDF-kept")
    assert minutes_file(week, "pdf")[0] == b"%PDF-kept"


def test_a_draft_leaves_no_file_and_other_formats_do_not_exist(drive: Drive) -> None:
    report = draft_report(
        by=drive.world.who("office"),
        today=TODAY,
        campaign=drive.campaign,
        starts=TODAY - timedelta(days=13),
        ends=TODAY,
    )
    assert (report_file(report, "docx")[0][:2], kept()) == (b"PK", [])
    with pytest.raises(NotFoundError):
        report_file(report, "odt")
