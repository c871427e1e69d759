"""What the columns of a breakdown table are called."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from yiqi.kit.sheets.headings import Headings


class TaskColumn(StrEnum):
    """Meaning of a column. OWNER is 责任单位: the lead where there is no column for it, else support."""

    CODE = "code"
    ACTION = "action"
    TITLE = "title"
    MEASURE = "measure"
    LEAD = "lead"
    SUPPORT = "support"
    OWNER = "owner"
    PERSON = "person"
    START = "start"
    DUE = "due"
    FREQUENCY = "frequency"
    CLASS = "class"
    OTHER = "other"


_UNIT: Final = "(?:单位|部门|主体|科室|乡镇)"
_WHAT: Final = {TaskColumn.TITLE, TaskColumn.MEASURE, TaskColumn.ACTION}
_WHO_OR_WHEN: Final = {TaskColumn.LEAD, TaskColumn.OWNER, TaskColumn.SUPPORT, TaskColumn.DUE}
HEADINGS: Final = Headings.of(
    (TaskColumn.CODE, r"^(?:序号?|编号|编码|代码|任务(?:编号|编码|代码|序号)|项号|no\.?|行次)$"),
    (TaskColumn.OTHER, r"进展|完成情况|落实情况|存在问题|完成率|进度|得分|分值|权重|备注|附注|联系电话|电话|^说明$"),
    (TaskColumn.SUPPORT, rf"(?:配合|协办|协同|参与|参加|协作|协助).*{_UNIT}|^(?:配合|协办|协同|参与)$"),
    (TaskColumn.LEAD, rf"(?:牵头|主办|主责|主管|承办).*{_UNIT}|^(?:牵头|主办|主责)$"),
    (TaskColumn.OWNER, rf"(?:责任|落实|实施|承担|完成|执行|负责).*{_UNIT}|责任分工|^分工$|^{_UNIT}$"),
    (TaskColumn.PERSON, r"领导|责任人|负责人|联系人|联络员|分管|包联|牵头人"),
    (TaskColumn.START, r"(?:开始|启动|起始|开工|下达|交办).*(?:时间|日期|时限)?$"),
    (TaskColumn.DUE, r"时限|期限|节点|截止|时间|时序|完成日期|办结日期"),
    (TaskColumn.FREQUENCY, r"频次|频率|调度方式|报送方式|报送周期|调度周期|周期"),
    (TaskColumn.MEASURE, r"(?:举措|措施|内容|要求|标准|做法|成效|路径)$"),
    (TaskColumn.ACTION, r"行动"),
    (TaskColumn.TITLE, r"任务|事项|项目|工作名称|工作要点|重点工作|^名称$"),
    (TaskColumn.MEASURE, r"举措|措施|内容|要求|目标|标准"),
    (TaskColumn.CLASS, r"类别|领域|板块|大项|分类|方面|专题"),
    scored=_WHAT | _WHO_OR_WHEN | {TaskColumn.CODE, TaskColumn.FREQUENCY},
    enough=lambda roles: bool(roles & _WHAT) and bool(roles & _WHO_OR_WHEN),
)
