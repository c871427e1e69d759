"""A list declared once: bar, table, pager, files."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import openpyxl
import pytest
from django.db.models import F
from django.http import HttpResponse
from django.test import RequestFactory

from tests.kit.drawing import drawn, words
from yiqi.core.models import Region
from yiqi.kit.web.columns import DATE, NUMBER, TITLE, Column, Phone, filed
from yiqi.kit.web.filters import Filter, asked, having, narrowed
from yiqi.kit.web.tables import List, Listing, answer_list, listing, ordering

ATTACK = "=cmd|' /C calc'!A0"
REGIONS = List(
    title="区划",
    columns=(
        Column("code", "代码", width=10, link=lambda row: f"/regions/{row.code}?a=1&b=2", sort="code", phone=TITLE),
        Column("name", "名称", width=20, sort="name", css="wide"),
        Column("get_kind_display", "级别", width=8, phone=Phone.BARE),
        filed("parent.name", "上级", 12),
        Column("name", "字数", NUMBER, value=lambda row: len(row.name), quiet=True),
    ),
    filters=(
        Filter("kind", "级别", [("county", "县"), ("city", "市")]),
        Filter("q", "名称", narrow=having("name__contains", "code__startswith")),
        Filter("near", "相邻", lambda request: [("1410", "临汾")], linked=True, narrow="code__startswith"),
    ),
    sorts={"code": ("代码", ("code",)), "name": ("名称", (F("name").asc(nulls_last=True),))},
    sort="code",
    caption="区划名册",
    empty=("没有", "去掉条件"),
    untouched=("还没有", "先载入"),
)


@pytest.fixture
def regions(db: None) -> None:
    Region.objects.all().delete()
    counties = (Region(code=f"1410{number}", name=f"县{number}", kind="county") for number in range(10, 70))
    Region.objects.bulk_create(counties)


def a_list(rf: RequestFactory, query: str) -> Listing:
    """The list as the address asks for it."""
    request = rf.get(f"/{query}")
    chosen = asked(request, REGIONS.filters)
    return listing(request, REGIONS, narrowed(Region.objects.all(), chosen), chosen)


def a_file(rf: RequestFactory, query: str) -> HttpResponse:
    """What the address gives to download."""
    return answer_list(rf.get(f"/{query}"), REGIONS, Region.objects.all())


@pytest.mark.usefixtures("regions")
def test_the_bar_keeps_the_address_and_shows_chips(rf: RequestFactory) -> None:
    html = drawn("{% list_controls listing %}", listing=a_list(rf, "?kind=county&view=board&sort=-code&size=50&page=2"))
    assert re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', html) == [("view", "board")]
    assert re.findall(r'<option value="([^"]*)" selected>([^<]*)', html) == [
        ("county", "县"),
        ("-code", "代码，降序"),
        ("50", "50"),
    ]
    assert re.findall(r'class="(chip|chip-clear|list-export)" href="([^"]*)"', html) == [
        ("chip", "?view=board&amp;sort=-code&amp;size=50"),
        ("chip-clear", "?view=board&amp;sort=-code&amp;size=50"),
        ("list-export", "?kind=county&amp;view=board&amp;sort=-code&amp;size=50&amp;export=xlsx"),
        ("list-export", "?kind=county&amp;view=board&amp;sort=-code&amp;size=50&amp;export=csv"),
    ]
    assert "共<strong>60</strong>条" in html


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize(
    ("query", "names", "count"),
    [
        ("", ["kind", "q"], 60),
        ("?kind=nonsense&near=3", ["kind", "q"], 60),
        ("?near=1410&q=县1", ["kind", "q", "near"], 10),
        ("?q=141069", ["kind", "q"], 1),
    ],
)
def test_filters_narrow_and_linked_ones_show_while_they_are_set(
    rf: RequestFactory, query: str, names: list[str], count: int
) -> None:
    shown = a_list(rf, query)
    assert ([item.filter.name for item in shown.chosen], shown.count) == (names, count)


@pytest.mark.usefixtures("regions")
def test_everything_is_escaped(rf: RequestFactory) -> None:
    Region.objects.filter(code="141010").update(name='<b title="x">')
    shown = a_list(rf, "?q=%22%3E%3Cb%3E")
    assert 'value="&quot;&gt;&lt;b&gt;"' in drawn("{% list_controls listing %}", listing=shown)
    html = drawn("{% table what rows %}", what=REGIONS, rows=a_list(rf, "?q=141010").rows)
    assert '<td class="wide" data-label="名称">&lt;b title=&quot;x&quot;&gt;</td>' in html
    assert "<b" not in html


@pytest.mark.usefixtures("regions")
def test_a_table_has_headings_labels_and_a_row_header(rf: RequestFactory) -> None:
    html = drawn("{% list_whole listing %}", listing=a_list(rf, "?q=141010&sort=-code"), today=None)
    table = html[html.index("<table") : html.index("</table>")]
    assert re.findall(r"<(?:caption|th|td)(?: [^>]*)?>", table) == [
        '<caption class="visually-hidden">',
        *['<th scope="col">'] * 3,
        '<th scope="col" class="num">',
        '<th scope="row">',
        '<td class="wide" data-label="名称">',
        "<td>",
        '<td class="num" data-label="字数">',
    ]
    assert words(table) == "区划名册代码↓，已按降序排列名称级别字数141010县10县（市、区）3"
    assert '<a href="/regions/141010?a=1&amp;b=2">141010</a>' in table
    assert re.findall(r'class="sort-head[^"]*" href="([^"]*)"', table) == [
        "?q=141010&amp;sort=code",
        "?q=141010&amp;sort=name",
    ]


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("", "123下一页第1页，共3页"),
        ("?page=3", "上一页123第3页，共3页"),
        ("?size=100", ""),
        ("?page=nonsense&size=7", "123下一页第1页，共3页"),
    ],
)
def test_pager(rf: RequestFactory, query: str, read: str) -> None:
    assert words(drawn("{% pager listing %}", listing=a_list(rf, query))) == read


@pytest.mark.usefixtures("regions")
def test_the_pager_marks_the_present_page_and_keeps_the_filter(rf: RequestFactory) -> None:
    html = drawn("{% pager listing %}", listing=a_list(rf, "?kind=county&page=2"))
    assert '<span class="pager-step is-current" aria-current="page">2</span>' in html
    assert 'href="?kind=county&amp;page=3" rel="next"' in html


@pytest.mark.parametrize(
    ("sort", "fields"),
    [("code", ["code", "pk"]), ("-code", ["-code", "-pk"]), ("both", ["-code", "pk"]), ("-both", ["code", "-pk"])],
)
def test_every_ordering_ends_with_the_primary_key(sort: str, fields: list[str]) -> None:
    sorts: dict[str, Any] = {"code": ("", ["code"]), "both": ("", ["-code", "pk"])}
    assert ordering(sorts, sort) == fields


@pytest.mark.parametrize(("query", "read"), [("", "还没有先载入"), ("?q=x", "没有去掉条件")])
def test_an_empty_list_says_what_to_do(rf: RequestFactory, db: None, query: str, read: str) -> None:
    Region.objects.all().delete()
    html = drawn("{% list_whole listing %}", listing=a_list(rf, query), today=None)
    assert words(html[html.index('<div class="empty-y">') :]) == read


@pytest.mark.usefixtures("regions")
def test_both_files_hold_what_the_filters_show_and_run_no_formula(rf: RequestFactory) -> None:
    Region.objects.filter(code="141011").update(name=ATTACK)
    book = a_file(rf, "?q=14101&sort=-code&size=20&export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
    rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    text = a_file(rf, "?q=14101&sort=-code&size=20&export=csv")
    lines = list(csv.reader(io.StringIO(text.content.decode("utf-8-sig"))))
    expected = [[f"1410{number}", f"县{number}", "县（市、区）", ""] for number in range(19, 9, -1)]
    expected[8][1] = f"'{ATTACK}"
    assert (lines[0], lines[1:11]) == (["代码", "名称", "级别", "上级"], expected)
    assert [row for row in rows if row[0].isdigit()] == expected
    assert text.content.startswith(b"\xef\xbb\xbf")
    assert [answer.headers["Content-Type"] for answer in (book, text)] == [
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/csv; charset=utf-8",
    ]


@pytest.mark.parametrize(
    ("column", "row", "shown"),
    [
        (Column("name", "名称"), Region(name=""), "—"),
        (Column("parent.name", "上级"), Region(name="翼城县"), "—"),
        (Column("name", "数", NUMBER, places=1, value=lambda row: 1234.5), Region(), "1,234.5"),
        (Column("name", "日期", DATE, value=lambda row: None), Region(), "—"),
        (Column("name", "名称", show=lambda row: f"{row.name}！"), Region(name="翼城县"), "翼城县！"),
    ],
)
def test_a_cell_is_written_by_its_kind(column: Column, row: Region, shown: str) -> None:
    assert str(column.shown(row)) == shown
