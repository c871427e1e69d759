"""Pages: what they say, how many statements they take, what they do with bad input."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.appraisal.conftest import AUGUST, approved
from tests.appraisal.test_leagues import HEAD, preview, sheet
from tests.world import TODAY, World
from yiqi.appraisal.models import Framework, Indicator, Observation, Round
from yiqi.appraisal.operations import report_observation
from yiqi.core.models import Upload

SignIn = Callable[[str], Client]
MakeRound = Callable[..., Round]


def text_of(response: Any) -> str:
    """What a reader reads: the page's words without tags, blanks run together."""
    body = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", body.split('<main id="main"')[1].split("</main>")[0])).strip()


def rows_of(response: Any) -> list[list[Any]]:
    """The filled rows of an exported sheet."""
    page = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    return [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True) if any(row)]


def test_standings_say_place_gap_and_rule(sign_in: SignIn, make_round: MakeRound) -> None:
    make_round(published=True)
    text = text_of(sign_in("reporter").get(reverse("appraisal:standings")))
    assert text.count("翼城县居全市第1位，在第一方阵内，领先方阵外首位曲沃县0.30分。") == 1
    assert text.count("以上为第一方阵：总分前1位。名额为本系统的设定，不是官方标准") == 1
    assert text.count("内部测算") == 2


def test_the_own_county_is_marked_and_the_line_drawn_under_the_tier(sign_in: SignIn, make_round: MakeRound) -> None:
    make_round(published=True)
    html = sign_in("leader").get(reverse("appraisal:standings")).content.decode()
    kinds = re.findall(r"<tr( class=\"[a-z-]+\")?>\s*<t[hd][^>]*>(?:<a[^>]*>)?([^<]*)", html.split("<tbody>")[1])
    assert [(kind.removeprefix(' class="').rstrip('"'), words[:3]) for kind, words in kinds] == [
        ("own", "翼城县"), ("tier-row", "以上为"), ("", "曲沃县"), ("", "襄汾县"),
    ]  # fmt: skip


def test_before_anything_is_published_readers_are_told_and_the_office_sees_the_trial(
    sign_in: SignIn, make_round: MakeRound
) -> None:
    make_round()
    address = reverse("appraisal:standings")
    assert "还没有发布的轮次" in text_of(sign_in("reporter").get(address))
    assert "试算" in text_of(sign_in("office").get(address))


def test_without_a_framework_the_page_says_so(world: World, sign_in: SignIn) -> None:
    assert "还没有考核指标体系" in text_of(sign_in("leader").get(reverse("appraisal:standings")))


def test_movement_is_measured_against_the_last_published_period(
    world: World, sign_in: SignIn, make_round: MakeRound, indicators: dict[str, Indicator]
) -> None:
    for county, value in (("141021", 9.0), ("141022", 1.0), ("141023", 2.0)):
        approved(indicators["A-1"], county, value, period="2021-07", by=world.people["office"])
    make_round(published=True, period="2021-07")
    make_round(published=True)
    response = sign_in("leader").get(reverse("appraisal:standings"))
    moved = {row.region.name: row.movement for row in response.context["table"].rows}
    assert moved == {"翼城县": 1, "曲沃县": -1, "襄汾县": 0}


def test_a_county_leads_to_its_cells_and_a_cell_to_the_sum(
    sign_in: SignIn, make_round: MakeRound, indicators: dict[str, Indicator]
) -> None:
    made, client = make_round(published=True), sign_in("leader")
    region = client.get(reverse("appraisal:show_region", args=[made.pk, "141022"]))
    address = reverse("appraisal:show_cell", args=[made.pk, "141022", indicators["A-1"].pk])
    assert region.content.decode().count(f'href="{address}"') == 2
    text = text_of(client.get(address))
    assert text.count("6 ×［1 − （8 − 6）÷ 4］ = 3分") == 1
    assert text.count("得3.00分，满分6.00分，失3.00分；数值居全市第2位。") == 1


def test_the_gap_list_begins_with_the_largest_loss(sign_in: SignIn, make_round: MakeRound) -> None:
    make_round(published=True)
    response = sign_in("leader").get(reverse("appraisal:list_gaps"), {"region": "141023"})
    assert [(row.indicator.code, round(row.lost, 4)) for row in response.context["rows"]] == [
        ("B-1", 5.0), ("A-1", 4.5), ("A-2", 1.6),
    ]  # fmt: skip
    assert text_of(response).count("3项指标共失11.10分") == 1


def test_a_round_page_prints_policies_digests_and_the_check(sign_in: SignIn, make_round: MakeRound) -> None:
    made = make_round(published=True)
    text = text_of(sign_in("auditor").get(reverse("appraisal:show_round", args=[made.pk])))
    for words in (
        "剔除并折算权重",
        "并列占位（1、1、3）",
        "按未四舍五入的得分",
        made.input_digest,
        made.result_digest,
        "与存储结果一致",
    ):
        assert text.count(words) == 1


# statements of a page must not grow with rows: the same number with one round, figure or county's worth and with three
LISTS = ["appraisal:standings", "appraisal:list_gaps", "appraisal:list_rounds", "appraisal:list_observations"]


@pytest.mark.parametrize("name", LISTS)
def test_statements_do_not_grow_with_rows(
    name: str,
    world: World,
    sign_in: SignIn,
    make_round: MakeRound,
    indicators: dict[str, Indicator],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client, address = sign_in("office"), reverse(name)
    make_round(published=True)
    client.get(address)
    with CountStatements() as one:
        client.get(address)
    for month in ("2021-05", "2021-06", "2021-07"):
        for county in ("141021", "141022", "141023"):
            approved(indicators["A-1"], county, 1.0, period=month, by=world.people["office"])
        make_round(published=True, period=month)
    with django_assert_num_queries(one.count):
        client.get(address)


class CountStatements:
    """Counts statements without expecting a number."""

    def __enter__(self) -> CountStatements:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.context = CaptureQueriesContext(connection)
        self.context.__enter__()
        return self

    def __exit__(self, *args: object) -> None:
        self.context.__exit__(None, None, None)
        self.count = len(self.context)


@pytest.mark.parametrize("rows", [1, 3])
def test_waiting_figures_take_one_number_of_statements(
    rows: int,
    world: World,
    sign_in: SignIn,
    indicators: dict[str, Indicator],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for month in range(1, rows + 1):
        report_observation(
            by=world.who("reporter"),
            today=TODAY,
            indicator=indicators["A-1"],
            region=world.county,
            period=f"2021-0{month}",
            value=1,
        )
    client, address = sign_in("reviewer"), reverse("appraisal:list_waiting")
    client.get(address)
    with django_assert_num_queries(5):  # session, person, posts, setting of the second factor, figures
        assert len(client.get(address).context["listing"].rows) == rows


def test_exports_hold_what_the_pages_show(sign_in: SignIn, make_round: MakeRound) -> None:
    make_round(published=True)
    client = sign_in("leader")
    standings = rows_of(client.get(reverse("appraisal:standings"), {"export": "xlsx"}))
    assert standings[-3:] == [
        ["翼城县", 12, "第1位", 7, "第2位", 5, "第1位", "是"],
        ["曲沃县", 11.7, "第2位", 9.2, "第1位", 2.5, "第2位", "否"],
        ["襄汾县", 3.9, "第3位", 3.9, "第3位", 0, "第3位", "否"],
    ]
    gaps = rows_of(client.get(reverse("appraisal:list_gaps"), {"export": "xlsx"}))
    assert gaps[-1] == ["投资增速", "高质量发展", 3, 3, 6, 2, "发改局", ""]
    figures = client.get(reverse("appraisal:list_observations"), {"export": "xlsx", "region": "141022"})
    assert len(rows_of(figures)) == 3 + 3
    assert figures.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_text_of_an_export_does_not_act_as_a_formula(
    world: World, sign_in: SignIn, indicators: dict[str, Indicator]
) -> None:
    approved(indicators["A-1"], world.county, 1.0, by=world.people["office"])
    Observation.objects.update(source="=cmd|' /C calc'!A0")
    rows = rows_of(sign_in("office").get(reverse("appraisal:list_observations"), {"export": "xlsx"}))
    assert rows[-1][-1] == "'=cmd|' /C calc'!A0"


def test_a_round_is_run_from_the_page(sign_in: SignIn, framework: Framework, figures: list[Observation]) -> None:
    client = sign_in("office")
    response = client.post(reverse("appraisal:run_round"), {"period": AUGUST, "as_of": "2021-09-06"})
    made = Round.objects.get()
    assert (response.status_code, response.headers["Location"]) == (
        303,
        reverse("appraisal:show_round", args=[made.pk]),
    )
    assert "第1轮已算出，共3个县（市、区）。核对无误后请发布。" in text_of(client.get(response.headers["Location"]))


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"period": AUGUST, "as_of": "2021-09-07"}, 422, "数据截至日期不能晚于今天。"),
        ({"period": AUGUST, "as_of": "2021-01-01"}, 422, "这一期还没有任何已审核的数据，无法计算。"),
        ({"period": "2021-12", "as_of": "2021-09-06"}, 422, "期别"),
        ({"period": AUGUST, "as_of": "昨天"}, 422, "数据截至"),
    ],
)
def test_a_round_that_cannot_be_run_keeps_the_form(
    sign_in: SignIn, framework: Framework, figures: list[Observation], data: dict[str, str], status: int, words: str
) -> None:
    response = sign_in("office").post(reverse("appraisal:run_round"), data)
    assert (response.status_code, Round.objects.count()) == (status, 0)
    assert words in text_of(response)
    assert response.context["form"].data["as_of"] == data["as_of"]


def test_a_stale_page_does_not_publish(sign_in: SignIn, make_round: MakeRound) -> None:
    made = make_round()
    response = sign_in("office").post(reverse("appraisal:publish_round", args=[made.pk]), {"version": "9"})
    assert (response.status_code, Round.objects.get().status) == (409, "draft")


def test_a_figure_is_entered_and_approved_on_the_pages(
    world: World, sign_in: SignIn, indicators: dict[str, Indicator]
) -> None:
    form = {"region": "141022", "period": AUGUST, "value": "6.5", "value_status": "flash", "source": "县统计局月报"}
    sent = sign_in("reporter").post(reverse("appraisal:report_value", args=[indicators["A-1"].pk]), form)
    made = Observation.objects.get()
    address = reverse("appraisal:show_observation", args=[made.pk])
    assert sent.status_code == 303
    assert "等待他人审核" in text_of(sign_in("reporter").get(address))
    returned = sign_in("reviewer").post(address, {"decision": "return", "opinion": ""})
    assert (returned.status_code, "退回时请写明原因，便于填报人更正。" in text_of(returned)) == (422, True)
    assert sign_in("reviewer").post(address, {"decision": "approve"}).status_code == 303
    made.refresh_from_db()
    assert (made.current, made.approved_by) == (True, world.people["reviewer"])


@pytest.mark.parametrize(
    "changes",
    [{"value": "NaN"}, {"value": "1e400"}, {"value": "4%"}, {"value": ""}, {"period": "2021-12"}, {"region": "141021"}],
)
def test_a_figure_that_cannot_be_used_keeps_what_was_typed(
    sign_in: SignIn, indicators: dict[str, Indicator], changes: dict[str, str]
) -> None:
    form = {"region": "141022", "period": AUGUST, "value": "6.5", "value_status": "flash", "source": "月报", **changes}
    response = sign_in("reporter").post(reverse("appraisal:report_value", args=[indicators["A-1"].pk]), form)
    assert (response.status_code, Observation.objects.count()) == (422, 0)
    assert response.context["form"].data["source"] == "月报"


def test_a_target_of_zero_under_ratio_says_what_to_do(sign_in: SignIn, indicators: dict[str, Indicator]) -> None:
    form = {"region": "141022", "kind": "annual", "period": "2021", "value": "0"}
    response = sign_in("office").post(reverse("appraisal:set_target", args=[indicators["A-2"].pk]), form)
    assert response.status_code == 422
    assert "按“目标完成率”计分，目标值必须大于0" in text_of(response)


def upload(client: Client, framework: Framework, data: bytes, name: str = "通报.xlsx") -> Any:
    """Send a league sheet."""
    file = SimpleUploadedFile(name, data)
    form = {"framework": str(framework.pk), "period": AUGUST, "value_status": "flash", "file": file}
    return client.post(reverse("appraisal:upload_league"), form)


def test_a_sheet_is_uploaded_looked_at_and_applied(sign_in: SignIn, framework: Framework) -> None:
    client = sign_in("office")
    sent = upload(client, framework, sheet(head=[HEAD[0], "固定投资的增长速度（%）", HEAD[2]]))
    made = Upload.objects.get()
    shown = text_of(client.get(sent.headers["Location"]))
    assert (sent.status_code, "共读到6项数据：直接读出6项，推断0项，有误0项；0项与现行数据不同。" in shown) == (
        303,
        True,
    )
    assert "表中有1个名称在指标体系里没有。请指明它是哪项指标，或者不导入。" in shown
    done = client.post(reverse("appraisal:apply_import", args=[made.number]), {"name_0": "A-1"})
    assert done.status_code == 303
    assert "新增6项，修订0项，0项与现行数据相同未写入，0项未导入。" in text_of(client.get(done.headers["Location"]))


def test_a_preview_shows_what_it_would_revise(sign_in: SignIn, framework: Framework) -> None:
    client = sign_in("office")
    upload(client, framework, sheet())
    client.post(reverse("appraisal:apply_import", args=[Upload.objects.get().number]))
    held = Observation.objects.order_by("pk").first()
    assert held is not None
    Observation.objects.filter(pk=held.pk).update(value=Decimal("77.7"))
    again = client.get(upload(client, framework, sheet()).headers["Location"]).content.decode()
    assert (again.count("<del"), '<del class="muted">77.7</del>' in again) == (1, True)
    assert "有误0项；1项与现行数据不同。" in again


def test_a_wrong_choice_keeps_the_preview(world: World, sign_in: SignIn, framework: Framework) -> None:
    made = preview(world, framework, sheet(head=[HEAD[0], "固定投资的增长速度（%）", HEAD[2]]))
    response = sign_in("office").post(reverse("appraisal:apply_import", args=[made.number]), {"name_0": "A-2"})
    assert (response.status_code, Observation.objects.count()) == (422, 0)
    assert "表中有两处数据对应同一个指标“项目完成率”。" in text_of(response)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"not a workbook", "通报.xlsx", "文件的内容与扩展名“.xlsx”不符。"),
        (sheet()[:900], "通报.xlsx", "文件已损坏或不完整，无法打开。"),
        (sheet(), "通报.xlsm", "文件含有宏，不能上传。"),
        (b"", "通报.xlsx", "空"),
    ],
)
def test_a_bad_file_is_told_beside_the_field(
    sign_in: SignIn, framework: Framework, data: bytes, name: str, words: str
) -> None:
    response = upload(sign_in("office"), framework, data, name)
    assert (response.status_code, Upload.objects.count()) == (422, 0)
    assert words in text_of(response)
    assert response.context["form"].data["period"] == AUGUST


@pytest.mark.parametrize("query", [{"round": "x"}, {"round": ""}, {"framework": ""}])
def test_an_odd_address_falls_back(sign_in: SignIn, make_round: MakeRound, query: dict[str, str]) -> None:
    make_round(published=True)
    assert sign_in("leader").get(reverse("appraisal:standings"), query).status_code == 200


@pytest.mark.parametrize(
    "query", [{"round": "999999"}, {"framework": "999999"}, {"framework": "x"}, {"round": "9" * 30}]
)
def test_what_does_not_exist_is_not_found(sign_in: SignIn, make_round: MakeRound, query: dict[str, str]) -> None:
    make_round(published=True)
    assert sign_in("leader").get(reverse("appraisal:standings"), query).status_code == 404


def test_another_county_sees_nothing(world: World, sign_in: SignIn, make_round: MakeRound) -> None:
    made = make_round(published=True)
    client = sign_in("outsider")
    assert client.get(reverse("appraisal:show_round", args=[made.pk])).status_code == 404
    assert client.get(reverse("appraisal:show_framework", args=[made.framework_id])).status_code == 404
    assert list(client.get(reverse("appraisal:list_observations")).context["listing"].rows) == []


def test_figures_of_an_old_revision_are_marked(world: World, sign_in: SignIn, indicators: dict[str, Indicator]) -> None:
    old = approved(indicators["A-1"], world.county, 1.0, by=world.people["office"], on=TODAY - timedelta(days=9))
    Observation.objects.filter(pk=old.pk).update(current=False)
    approved(indicators["A-1"], world.county, 2.0, by=world.people["office"], revision=2)
    text = text_of(sign_in("leader").get(reverse("appraisal:list_observations")))
    assert (text.count("已被替代"), len(re.findall(r"(?<!不是)现行(?!数据)", text))) == (1, 1)
