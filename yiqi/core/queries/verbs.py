"""What the verbs of the trail are called on a page."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiqi.core.doors import Verbs
from yiqi.core.enums import SettingKey
from yiqi.kit.moves import LIVES
from yiqi.kit.offering import offered

# the word after the dot; with the kind of object it makes a phrase: task.create is 新建任务
_ACTIONS: Mapping[str, str | Promise] = {
    "accept": gettext_lazy("接受"),
    "activate": gettext_lazy("启用"),
    "add": gettext_lazy("增加"),
    "apply": gettext_lazy("确认导入"),
    "approve": gettext_lazy("审核通过"),
    "cancel": gettext_lazy("取消"),
    "change": gettext_lazy("修改"),
    "close": gettext_lazy("关闭"),
    "create": gettext_lazy("新建"),
    "deactivate": gettext_lazy("停用"),
    "decide": gettext_lazy("决定"),
    "discard": gettext_lazy("放弃导入"),
    "draft": gettext_lazy("起草"),
    "edit": gettext_lazy("修改"),
    "end": gettext_lazy("结束"),
    "export": gettext_lazy("导出"),
    "load": gettext_lazy("导入"),
    "open": gettext_lazy("开启"),
    "preview": gettext_lazy("预览导入"),
    "publish": gettext_lazy("发布"),
    "refuse": gettext_lazy("不予接受"),
    "remove": gettext_lazy("移除"),
    "reopen": gettext_lazy("恢复"),
    "report": gettext_lazy("报送"),
    "return": gettext_lazy("退回"),
    "run": gettext_lazy("运行"),
    "save": gettext_lazy("保存"),
    "seed": gettext_lazy("初始化"),
    "set": gettext_lazy("设定"),
    "set_many": gettext_lazy("批量设定"),
    "sign": gettext_lazy("签发"),
    "start": gettext_lazy("启动"),
    "store": gettext_lazy("上传"),
    "submit": gettext_lazy("提交"),
    "suspend": gettext_lazy("暂缓"),
}

CHANNELS: Mapping[str, str | Promise] = {
    "web": gettext_lazy("网页"),
    "cli": gettext_lazy("命令行"),
    "job": gettext_lazy("定时任务"),
}


def _gone(name: str) -> str:
    """What a kind of object or a field was called that the trail still names; empty for an unknown one."""
    return str(next((verbs.gone[name] for verbs in offered(Verbs) if name in verbs.gone), ""))


def kind_label(target_type: str) -> str:
    """What a kind of object is called: core.Unit is 单位; the raw name where nobody knows it any more."""
    try:
        return str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return _gone(target_type) or target_type


def field_label(target_type: str, name: str) -> str:
    """What a field of a record is called on the forms; the raw name where the model has no such field."""
    if name in SettingKey.values:
        return str(SettingKey(name).label)
    try:
        field = apps.get_model(target_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return _gone(f"{target_type}.{name}") or name
    return str(getattr(field, "verbose_name", name))


def value_label(target_type: str, name: str, value: object) -> object:
    """A chosen value as its label on the forms (reviewer is 审核人); any other value as it is."""
    try:
        field = apps.get_model(target_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return value
    choices = dict(getattr(field, "flatchoices", None) or ())
    return str(choices[value]) if isinstance(value, str) and value in choices else value


def verb_label(verb: str, target_type: str = "") -> str:
    """The verb as people read it; the raw verb where nothing is known of it."""
    for verbs in offered(Verbs):
        if verb in verbs.labels:
            return str(verbs.labels[verb])
    noun, _dot, name = verb.partition(".")
    action = _ACTIONS.get(name)
    if action is None or not target_type:
        return str(LIVES[noun].moves[name].label) if noun in LIVES and name in LIVES[noun].moves else verb
    return _("%(action)s%(object)s") % {"action": action, "object": kind_label(target_type)}
