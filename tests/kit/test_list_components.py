"""The bar over a list, its pager, its sortable headings."""

from __future__ import annotations

import re

import pytest
from django.test import RequestFactory

from tests.kit.drawing import drawn, words
from yiqi.core.models import Region
from yiqi.kit.web.lists import Listing, chosen, listing


@pytest.fixture
def regions(db: None) -> None:
    Region.objects.all().delete()
    counties = (Region(code=f"1410{number}", name=f"县{number}", kind="county") for number in range(10, 70))
    Region.objects.bulk_create(counties)


def a_list(rf: RequestFactory, query: str) -> Listing[Region]:
    """Regions by code, with a choice, a text filter and a foreign key in the address."""
    request = rf.get(f"/{query}")
    filters = [chosen(request, "kind", "级别", [("county", "县"), ("city", "市")]), chosen(request, "q", "名称")]
    sorts = {"code": ("代码", ["code"])}
    return listing(request, Region.objects.all(), filters=filters, sorts=sorts, default_sort="code")


@pytest.mark.usefixtures("regions")
def test_list_bar_keeps_the_address_and_shows_chips(rf: RequestFactory) -> None:
    html = drawn("{% list_bar listing %}", listing=a_list(rf, "?kind=county&view=board&sort=-code&size=50&page=2"))
    assert '<input type="hidden" name="view" value="board">' in html
    assert re.findall(r'<input type="hidden" name="(\w+)"', html) == ["view"]
    assert '<option value="-code" selected>代码，降序</option>' in html
    assert '<option value="50" selected>50</option>' in html
    assert '<option value="county" selected>县</option>' in html
    assert 'href="?view=board&amp;sort=-code&amp;size=50"' in html
    assert 'href="?kind=county&amp;view=board&amp;sort=-code&amp;size=50&amp;export=xlsx"' in html
    assert "共<strong>60</strong>条" in html


@pytest.mark.usefixtures("regions")
def test_list_bar_without_filters_or_export(rf: RequestFactory) -> None:
    html = drawn("{% list_bar listing export=False %}", listing=a_list(rf, ""))
    assert "chip" not in html
    assert "导出" not in html


@pytest.mark.usefixtures("regions")
def test_filter_text_is_escaped(rf: RequestFactory) -> None:
    html = drawn("{% list_bar listing %}", listing=a_list(rf, "?q=%22%3E%3Cb%3E"))
    assert 'value="&quot;&gt;&lt;b&gt;"' in html
    assert "<b>" not in html


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("", "123下一页第1页，共3页"),
        ("?page=3", "上一页123第3页，共3页"),
        ("?size=100", ""),
    ],
)
def test_pager(rf: RequestFactory, query: str, read: str) -> None:
    assert words(drawn("{% pager listing %}", listing=a_list(rf, query))) == read


@pytest.mark.usefixtures("regions")
def test_pager_marks_the_present_page_and_keeps_the_filter(rf: RequestFactory) -> None:
    html = drawn("{% pager listing %}", listing=a_list(rf, "?kind=county&page=2"))
    assert '<span class="pager-step is-current" aria-current="page">2</span>' in html
    assert 'href="?kind=county&amp;page=3" rel="next"' in html


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize(
    ("query", "href", "read"),
    [
        ("?sort=code&page=2", "?sort=-code", "代码↑，已按升序排列"),
        ("?sort=-code", "?sort=code", "代码↓，已按降序排列"),
    ],
)
def test_sort_head(rf: RequestFactory, query: str, href: str, read: str) -> None:
    html = drawn("{% sort_head listing 'code' '代码' %}", listing=a_list(rf, query))
    assert f'class="sort-head is-sorted" href="{href}"' in html
    assert words(html) == read


@pytest.mark.usefixtures("regions")
def test_sort_head_of_another_column(rf: RequestFactory) -> None:
    html = drawn("{% sort_head listing 'name' '名称' %}", listing=a_list(rf, ""))
    assert 'class="sort-head" href="?sort=name"' in html
    assert words(html) == "名称"
