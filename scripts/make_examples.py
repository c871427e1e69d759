"""Make the files of ``examples/``: a county's task breakdown (.xlsx and .docx) and a city's league sheet.

They have the untidy shapes of real ones: titles and unit lines above the table, heads in two rows with merged cells,
sections, sums, repeated heads, remarks, blanks inside names, percentages as text, places beside values. All figures
and tasks are invented and say so. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import django
import xlsxwriter
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Pt

ROOT: Final = Path(__file__).resolve().parents[1]
DATA: Final = ROOT / "yiqi" / "demo" / "data"
EXAMPLES: Final = ROOT / "examples"
STAMP: Final = datetime(2021, 9, 6, tzinfo=UTC)
HANZI: Final = "一二三四五六七八九十"
MARK: Final = "演示数据：本表任务、时限和分工均为虚构，仅供试用导入。"


class Line(NamedTuple):
    """A task as somebody typed it into the table."""

    title: str
    measure: str
    lead: str
    support: str
    deadline: str | date | int
    frequency: str = "每月"


# The words are those of a county office; their untidiness is the point.
TASKS: Final[dict[str, list[Line]]] = {
    "A01": [
        Line(
            "三季度经济运行调度",
            "逐项分析1—8月指标，列出落后指标清单，逐项落实追赶措施。",
            "县发改局",
            "县统计局、县工信局、县财政局",
            "9月底前",
            "每周",
        ),
        Line(
            "四季度项目集中开工",
            "确保20个项目集中开工，\n完成年度投资计划。",
            "县发展和改革局",
            "各乡（镇）",
            date(2021, 10, 20),
        ),
        Line(
            "纳统企业跟踪服务",
            "对拟入库企业实行台账管理，月清月结。",
            "翼城县统计局",
            "县工信局，县商务局、县住建局等有关部门",
            "2021年11月",
            "每月",
        ),
        Line("财政收支均衡推进", "加强税源管理，压减一般性支出。", "县财政局", "县税务局", "12月20日前"),
        Line("考核指标月度通报", "每月通报各单位指标完成情况和全市位次。", "县考核办", "", "长期坚持", "每月"),
    ],
    "A02": [
        Line("解放思想专题研讨", "组织科级干部开展三轮专题研讨。", "县委组织部", "县委宣传部", "三季度末", "按节点"),
        Line("先进地区经验汇编", "整理外出考察学习成果，编印成册。", "县委办", "县政府办、县融媒体中心", "10月中旬"),
        Line("大讨论金点子征集", "面向全县征集意见建议，逐条答复。", "县委宣传部", "各乡镇", "2021.10.31"),
        Line("理论宣讲进基层", "成立宣讲小分队，深入村、社区宣讲。", "宣传部", "融媒体中心", "持续推进"),
    ],
    "A03": [
        Line(
            "精密铸造产业链图谱",
            "绘制产业链图谱，建立链长工作机制。",
            "县工信局",
            "县发改局 县招商中心",
            "2021/9/30",
            "每周",
        ),
        Line(
            "开发区标准地改革",
            "完成区域评估，推出“标准地”300亩。",
            "经开区管委会",
            "县自然资源局、县审批局",
            "6月底前完成评估，11月底前完成出让",
        ),
        Line("高标准农田建设", "建设高标准农田2.1万亩。", "县农业农村局", "各乡镇；县水利局", "11月底"),
        Line("苹果低产园改造", "改造低产园3000亩，新建冷库2座。", "农业农村局", "里砦镇、南梁镇", "年底前"),
        Line("文旅融合示范点", "打造示范村3个，完善游客服务设施。", "县文旅局", "桥上镇、西阎镇", "12月上旬"),
        Line("电商进农村综合示范", "建成县级电商公共服务中心。", "县商务局", "县供电公司、县融媒体中心", 44530),
    ],
    "A04": [
        Line(
            "秋冬季大气污染防治攻坚",
            "制定攻坚方案，落实重污染天气应急减排措施。",
            "市生态环境局翼城分局",
            "县工信局、县住建局、县公安局",
            "10月15日前",
            "每日",
        ),
        Line(
            "浍河流域水质提升",
            "排查整治入河排污口，确保考核断面稳定达标。",
            "生态环境分局",
            "县水利局，有关乡镇",
            "常态化",
        ),
        Line("散煤清零扫尾", "对改造区域开展拉网式排查。", "县能源局", "各乡镇", "2021年10月底", "每周"),
        Line("国土绿化", "完成营造林1.2万亩。", "县林业局", "县自然资源局", "2021-11-30"),
    ],
    "A05": [
        Line("一枚印章管审批", "划转审批事项，完成流程再造。", "县审批局", "县委编办、县司法局", "第三季度", "每周"),
        Line(
            "企业开办全程网办",
            "整合环节，推行全程网办。",
            "县行政审批服务管理局",
            "县市场监管局、县税务局、县公安局",
            "9月30日",
        ),
        Line("涉企政策一窗兑现", "梳理惠企政策清单，设立兑现窗口。", "县审批局", "县财政局、县工信局", "10月底"),
        Line("政务服务好差评整改", "差评当日联系、五日内整改反馈。", "县审批局", "各有关部门", "全年"),
    ],
    "A06": [
        Line("城区学校扩容", "新增学位600个。", "县教科局", "县住建局、县财政局", "8月31日"),
        Line("县域医共体提升", "乡镇卫生院标准化建设达到100%。", "县卫体局", "县医保局", "12月底"),
        Line(
            "城镇新增就业",
            "组织专场招聘会6场，技能培训3000人次。",
            "县人社局",
            "县工信局、县乡村振兴局",
            "年内",
            "每月",
        ),
        Line("农村饮水安全巩固", "维修养护供水工程40处。", "县水利局", "各乡镇", "11月中旬"),
        Line("养老服务设施建设", "新建社区日间照料中心5个。", "县民政局", "唐兴镇、住建局", "2021年12月15日"),
    ],
    "A07": [
        Line("干部专业能力轮训", "分类举办专题培训班8期。", "县委组织部", "县委党校、县人社局", "10月下旬"),
        Line("年轻干部墩墩苗", "选派年轻干部到重点项目、信访一线锻炼。", "组织部", "县信访局", "四季度"),
        Line("数字政府应用培训", "组织全县办公系统业务骨干培训。", "县政府办", "县工信局", "9月28号"),
    ],
    "A08": [
        Line(
            "开发区薪酬绩效改革",
            "完善绩效考核和薪酬制度。",
            "翼城经济技术开发区管理委员会",
            "县委组织部、县财政局",
            "9月底",
        ),
        Line("集体产权改革成果验收", "完成成果验收和登记赋码。", "县农业农村局", "各乡镇", "10月31日前"),
        Line(
            "招商小分队外出招商",
            "赴长三角、珠三角开展招商活动不少于4次。",
            "县招商引资服务中心",
            "县工信局、县商务局",
            "每月底",
        ),
        Line("县属国企改革", "完成清产核资，组建集团公司。", "县财政局", "县城投公司", "12月31日"),
    ],
    "A09": [
        Line("作风建设专项监督", "开展明察暗访，通报典型问题。", "县纪委监委", "县委组织部", "长期坚持"),
        Line("精文减会", "文件、会议数量同比只减不增。", "县委办", "县政府办", "全年坚持"),
        Line("重点工作一周一调度", "建立调度台账，逐周销号。", "县考核办", "五个专班", "持续推进", "一周一调度"),
        Line("机关效能评议", "组织服务对象评议中层股室。", "县直工委", "县考核办", "11月底前"),
    ],
    "A10": [
        Line("双创基地建设", "建成创业孵化基地1个，入驻企业20户。", "县人社局", "县教科局、经开区", "12月中旬"),
        Line("高新技术企业培育", "新认定高新技术企业3户。", "县教科局", "县工信局、税务局", "9月31日"),
        Line("科技特派员服务", "选派科技特派员30名。", "县教科局", "农业农村局", "2021年9月底"),
    ],
}


def actions() -> list[tuple[str, str]]:
    """Codes and names of the ten actions, in the county's words."""
    told = json.loads((DATA / "yicheng_2021.json").read_text(encoding="utf-8"))
    return [(action["code"], action["zh"]) for action in told["actions"]]


def task_workbook() -> bytes:
    """The breakdown as one long sheet with sections, beside a sheet of remarks and a hidden one."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": "任务分解表（演示数据）", "created": STAMP.replace(tzinfo=None)})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"}),
        "head": book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}),
        "cell": book.add_format({"border": 1, "valign": "vcenter", "text_wrap": True}),
        "date": book.add_format({"border": 1, "num_format": 'm"月"d"日"', "align": "center", "valign": "vcenter"}),
        "plain": book.add_format({"font_size": 11}),
    }
    _fill_breakdown(book.add_worksheet("任务分解表"), styles)
    remarks = book.add_worksheet("填表说明")
    remarks.write(0, 0, "填表说明：完成时限请写明日期；长期工作请写“长期坚持”。", styles["plain"])
    hidden = book.add_worksheet("底稿")
    hidden.write_row(0, 0, ["任务", "牵头单位", "完成时限"])
    hidden.write_row(1, 0, ["（旧稿）不再使用", "县发改局", "6月底"])
    hidden.hide()
    book.close()
    return stream.getvalue()


def _fill_breakdown(sheet: Any, styles: dict[str, Any]) -> None:
    for column, width in enumerate((6, 24, 40, 18, 30, 18, 10, 10)):
        sheet.set_column(column, column, width)
    sheet.write(0, 0, "附件1", styles["plain"])
    sheet.merge_range(1, 0, 1, 7, "翼城县“十大行动”重点任务分解表", styles["title"])
    sheet.merge_range(2, 0, 2, 7, MARK, styles["plain"])
    sheet.write(3, 0, "填报单位：县考核办", styles["plain"])
    sheet.write(3, 6, "2021年8月16日", styles["plain"])
    row = _write_head(sheet, 4, styles)
    for number, (code, name) in enumerate(actions()):
        sheet.merge_range(row, 0, row, 7, f"{HANZI[number]}、{name}（{len(TASKS[code])}项）", styles["head"])
        row += 1
        for place, line in enumerate(TASKS[code], start=1):
            _write_line(sheet, row, place, line, styles)
            row += 1
        if code == "A05":  # where the second printed page begins
            row = _write_head(sheet, row, styles)
    sheet.write(row, 0, "合计", styles["cell"])
    sheet.write(row, 1, f"{sum(map(len, TASKS.values()))}项", styles["cell"])
    sheet.write(row + 2, 0, "注：1.各牵头单位每月25日前报送进展；2.本表由县考核办负责解释。", styles["plain"])


def _write_head(sheet: Any, row: int, styles: dict[str, Any]) -> int:
    """Two rows: 责任单位 over 牵头单位 and 配合单位, the others merged downwards."""
    labels = {0: "序号", 1: "工作任务", 2: "具体举措", 5: "完成\n时限", 6: "调度频次", 7: "备 注"}
    for column, label in labels.items():
        sheet.merge_range(row, column, row + 1, column, label, styles["head"])
    sheet.merge_range(row, 3, row, 4, "责任单位", styles["head"])
    sheet.write(row + 1, 3, "牵头单位", styles["head"])
    sheet.write(row + 1, 4, "配合单位", styles["head"])
    return row + 2


def _write_line(sheet: Any, row: int, place: int, line: Line, styles: dict[str, Any]) -> None:
    sheet.write_number(row, 0, place, styles["cell"])
    for column, text in enumerate((line.title, line.measure, line.lead, line.support), start=1):
        sheet.write_string(row, column, text, styles["cell"])
    if isinstance(line.deadline, date):
        sheet.write_datetime(row, 5, datetime.combine(line.deadline, datetime.min.time()), styles["date"])
    elif isinstance(line.deadline, int):
        sheet.write_number(row, 5, line.deadline, styles["cell"])
    else:
        sheet.write_string(row, 5, line.deadline, styles["cell"])
    sheet.write_string(row, 6, line.frequency, styles["cell"])
    sheet.write_string(row, 7, "", styles["cell"])


def task_document() -> bytes:
    """The same tasks as a Word table: the action merged down its rows, both roles in one column."""
    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    paper.styles["Normal"].font.size = Pt(10)
    for text in ("附件1", "翼城县“十大行动”重点任务分解表", MARK, "（2021年8月16日）"):
        paper.add_paragraph(text)
    lines = [(name, line) for code, name in actions() for line in TASKS[code]]
    table = paper.add_table(len(lines) + 1, 7, style="Table Grid")
    for cell, label in zip(
        table.rows[0].cells, ("序号", "行 动", "工作任务", "具体举措", "责任分工", "完成时限", "报送频次"), strict=True
    ):
        cell.text = label
    first: dict[str, int] = {}
    for number, (name, line) in enumerate(lines, start=1):
        duty = f"牵头单位：{line.lead}" + (f"\n配合单位：{line.support}" if line.support else "")
        texts = (f"（{number}）", "", line.title, line.measure, duty, _as_text(line.deadline), line.frequency)
        for cell, text in zip(table.rows[number].cells, texts, strict=True):
            cell.text = text
        start = first.setdefault(name, number)
        if number == start:
            table.cell(start, 1).text = name
        else:
            table.cell(start, 1).merge(table.cell(number, 1))
    for number in set(first.values()):
        table.cell(number, 1).text = table.cell(number, 1).text.strip()
    paper.add_paragraph("注：各牵头单位每月25日前报送进展。")
    properties = paper.core_properties
    properties.title, properties.author = "任务分解表（演示数据）", "演示"
    properties.created = properties.modified = STAMP.replace(tzinfo=None)
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _as_text(deadline: str | date | int) -> str:
    if isinstance(deadline, int):
        deadline = date.fromordinal(date(1899, 12, 30).toordinal() + deadline)
    return f"{deadline.month}月{deadline.day}日" if isinstance(deadline, date) else deadline


class Head(NamedTuple):
    """A heading of the league sheet: the indicator whose figures of the demonstration it shows (or none, then level
    and spread), its sub-columns, decimals."""

    code: str
    label: str
    subs: tuple[str, ...]
    level: float
    spread: float
    places: int = 1
    lower: bool = False


REVISED: Final = 1 / 12
HEADS: Final = [
    Head("B2-02", "规上工业增加值", ("增速", "位次"), 9.5, 4.0),
    Head("B2-03", "固定资产投资", ("总量", "增速", "位次"), 10.5, 5.0),
    Head("B2-04", "社会消费品零售总额", ("总量", "增速", "位次"), 14.0, 3.0),
    Head("B2-05", "一般公共预算收入", ("总量（万元）", "增速（%）", "位次"), 12.0, 7.0),
    Head("B2-13", "限额以上消费品零售额", ("增速", "位次"), 16.0, 6.0),
    Head("", "全社会用电量", ("总量（亿千瓦时）", "增速（%）", "位次"), 8.0, 4.0),
    Head("B2-08", "城镇新增就业目标完成率（%）", ("数值", "位次"), 82.0, 8.0),
    Head("B2-09", "城镇登记失业率（%）", ("数值",), 2.6, 0.5, lower=True),
    Head("B2-10", "重点项目投资完成率（%）", ("数值", "位次"), 71.0, 9.0),
    Head("B2-11", "新增规上工业企业（户）", ("数值", "位次"), 5.0, 3.0, 0),
    Head("B2-14", "招商引资到位资金完成率（%）", ("数值", "位次"), 68.0, 12.0),
    Head("B3-02", "政务服务网上可办率", ("数值", "位次"), 95.0, 3.0),
    Head("B3-04", "新登记市场主体增速", ("数值", "位次"), 11.0, 6.0),
    Head("B4-02", "信访事项按期办结率（%）", ("数值", "位次"), 97.0, 2.0),
    Head("B4-04", "粮食播种面积完成率（%）", ("数值",), 99.5, 0.8),
    Head("B4-01", "生产安全事故死亡人数（人）", ("数值",), 0.6, 0.9, 0, lower=True),
    Head("B5-01", "PM2.5平均浓度（微克/立方米）", ("数值", "位次"), 44.0, 6.0, 0, lower=True),
    Head("B5-02", "空气质量综合指数", ("数值", "位次"), 5.1, 0.5, 2, lower=True),
    Head("B5-03", "空气质量综合指数改善率（%）", ("数值", "位次"), 5.5, 3.0),
]


def league_workbook(seed: int) -> bytes:
    """Counties down, headings in two rows, the city's total first, a zone and remarks last."""
    chance = random.Random(seed)  # noqa: S311 - invented figures, nothing secret
    with (DATA / "linfen_regions.csv").open(encoding="utf-8") as stream:
        regions = {row["code"]: row["name"] for row in csv.DictReader(stream) if row["kind"] == "county"}
    names, august = list(regions.values()), _august(seed, list(regions))
    columns = {head.label: _column(head, august, chance) for head in HEADS}
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "主要指标完成情况（演示数据）", "created": STAMP.replace(tzinfo=None)})
    styles = {
        "head": book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}),
        "title": book.add_format({"bold": True, "font_size": 18, "align": "center"}),
        "cell": book.add_format({"border": 1, "align": "center"}),
        "percent": book.add_format({"border": 1, "align": "center", "num_format": "0.0%"}),
    }
    sheet = book.add_worksheet("8月")
    width = 1 + sum(len(head.subs) for head in HEADS)
    sheet.merge_range(0, 0, 0, width - 1, "临汾市2021年1—8月各县（市、区）主要指标完成情况", styles["title"])
    sheet.write(1, 0, "演示数据：数值均为虚构，不代表任何地方的实际情况。")
    sheet.write(2, 0, "单位：亿元、%")
    _league_heads(sheet, styles)
    lines = ["全  市", *(f"{name[0]}  {name[1]}" if len(name) == 2 else name for name in names), "临汾经济开发区"]
    for number, name in enumerate(lines):
        sheet.write_string(5 + number, 0, name, styles["cell"])
        _league_line(sheet, 5 + number, number - 1, columns, styles)
    sheet.write(5 + len(lines), 0, "注：1.增速为同比；2.“—”表示无数据；3.位次相同的为并列。")
    book.close()
    return buffer.getvalue()


class Shape(NamedTuple):
    """What the story needs to know of an indicator, or of a region, to invent its figures."""

    code: str
    direction: str = "higher"
    places: int = 1


def _august(seed: int, regions: list[str]) -> dict[str, dict[str, float]]:
    """The demonstration's August, region by region: the example must fit the county that it is imported into."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiqi.config.settings")
    django.setup()
    from yiqi.demo.story.cast import invented_names
    from yiqi.demo.story.figures import invent

    chance = random.Random(seed)  # noqa: S311 - the story's own sequence
    invented_names(chance)
    data = json.loads((DATA / "framework.json").read_text(encoding="utf-8"))
    indicators = [Shape(row["code"], row["direction"], row["places"]) for row in data["indicators"]]
    panel = invent(indicators, [Shape(code) for code in regions], chance)  # only shapes
    return {region: dict(values) for region, values in panel[8].items()}


def _column(head: Head, august: dict[str, dict[str, float]], chance: random.Random) -> list[float]:
    """A heading's figures: the demonstration's with one in twelve revised, or invented where it has none."""
    if not head.code:
        return [round(chance.gauss(head.level, head.spread), head.places) for _ in august]
    figures = []
    for values in august.values():
        value = values[head.code]
        revised = chance.random() < REVISED
        figures.append(round(value + chance.choice((-0.2, 0.1, 0.3)), head.places) if revised else value)
    return figures


def _league_heads(sheet: Any, styles: dict[str, Any]) -> None:
    sheet.merge_range(3, 0, 4, 0, "县（市、区）", styles["head"])
    sheet.set_column(0, 0, 16)
    column = 1
    for head in HEADS:
        if len(head.subs) > 1:
            sheet.merge_range(3, column, 3, column + len(head.subs) - 1, head.label, styles["head"])
        else:
            sheet.write(3, column, head.label, styles["head"])
        for place, sub in enumerate(head.subs):
            sheet.write(4, column + place, sub, styles["head"])
        column += len(head.subs)


def _league_line(sheet: Any, row: int, county: int, columns: dict[str, list[float]], styles: dict[str, Any]) -> None:
    """One line; ``county`` -1 is the city, 17 the zone."""
    column = 1
    for head in HEADS:
        values = columns[head.label]
        inside = 0 <= county < len(values)
        mean = round(sum(values) / len(values), head.places)
        value = values[county] if inside else mean
        for sub in head.subs:
            if sub.startswith("总量"):
                sheet.write_number(row, column, round(abs(value) * 13.7 + 20, 2), styles["cell"])
            elif sub == "位次":
                _write_place(sheet, row, column, _place(values, county, lower=head.lower) if inside else "", styles)
            else:
                _write_value(sheet, row, column, head, value, county, styles)
            column += 1


def _place(values: list[float], county: int, *, lower: bool) -> str | int:
    better = sum(value < values[county] if lower else value > values[county] for value in values)
    return f"并列第{better + 1}" if values.count(values[county]) > 1 else better + 1


def _write_place(sheet: Any, row: int, column: int, place: str | int, styles: dict[str, Any]) -> None:
    if isinstance(place, int):
        sheet.write_number(row, column, place, styles["cell"])
    else:
        sheet.write_string(row, column, place or "—", styles["cell"])


def _write_value(
    sheet: Any, row: int, column: int, head: Head, value: float, county: int, styles: dict[str, Any]
) -> None:
    """Most values are numbers; some are what hands make of them."""
    if head.label.endswith("可办率"):
        sheet.write_number(row, column, round(value / 100, 4), styles["percent"])
    elif head.label.startswith("粮食") and county in {0, 16}:
        sheet.write_string(row, column, "—", styles["cell"])
    elif head.label.startswith("重点项目") and county % 4 == 1:
        sheet.write_string(row, column, f"{value:.1f}%", styles["cell"])
    elif head.label.startswith("新登记") and county % 5 == 2:
        sheet.write_string(row, column, f"{value:.1f} %", styles["cell"])
    else:
        sheet.write_number(row, column, value, styles["cell"])


def stamped(data: bytes) -> bytes:
    """The container with fixed times and order, so that the same content has the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, STAMP.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def build(seed: int) -> dict[str, bytes]:
    """Contents by file name."""
    return {
        "task-breakdown-2021.xlsx": stamped(task_workbook()),
        "task-breakdown-2021.docx": stamped(task_document()),
        "league-sheet-2021-08.xlsx": stamped(league_workbook(seed)),
    }


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2021)
    parser.add_argument("--into", type=Path, default=EXAMPLES)
    chosen = parser.parse_args()
    chosen.into.mkdir(parents=True, exist_ok=True)
    for name, data in build(chosen.seed).items():
        (chosen.into / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
