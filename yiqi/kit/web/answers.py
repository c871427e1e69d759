"""Answers that every app gives: a file to download, a table as a file, the address to look at after a deed."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from yiqi.kit.sheets import Table, to_csv, to_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def download(data: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to save, its Chinese name as RFC 6266 wants it; never opened in the page's own name."""
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def spreadsheet(table: Table, name: str, form: str) -> HttpResponse:
    """A table to download, ``form`` is xlsx or csv."""
    if form == "csv":
        return download(to_csv(table), f"{name}.csv", CSV)
    return download(to_xlsx(table), f"{name}.xlsx", XLSX)


class SeeOther(HttpResponseRedirect):
    """After a deed: the browser fetches the page anew, so that a reload does nothing twice."""

    status_code = 303


def see_other(address: str) -> HttpResponse:
    """The answer after a deed, as a function."""
    return SeeOther(address)


def demo_mark(demo: bool) -> str:
    """The mark that an export with invented figures carries."""
    return _("演示数据，不作工作依据") if demo else ""
