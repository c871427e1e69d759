"""Lists of the system pages: people, units, settings, the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from yiqi.core.enums import Role, UnitKind
from yiqi.core.models import Appointment, AuditRecord, Person, Unit
from yiqi.core.queries import (
    audit_trail,
    kind_label,
    units_of,
    verb_label,
    verbs_in,
    visible_people,
    with_posts,
    within,
)
from yiqi.core.queries.settings import SettingRow, settings_overview
from yiqi.core.views.access import for_role, home_of
from yiqi.core.views.middleware import WhoRequest
from yiqi.core.views.settings import in_words
from yiqi.core.views.trail import channel_label, differences
from yiqi.kit import clock
from yiqi.kit.marks import badge
from yiqi.kit.web.columns import DATE, NUMBER, TITLE, Column, filed, page
from yiqi.kit.web.filters import Choices, Filter, having
from yiqi.kit.web.tables import Button, List, answer_list
from yiqi.kit.wording import NOTHING, listed, local_name

IN_USE, OUT_OF_USE = _("在用"), _("已停用")
STATES = [("active", IN_USE), ("inactive", OUT_OF_USE)]


def _posts(person: Any) -> list[Appointment]:
    held: list[Appointment] = person.posts_today  # set by with_posts
    return held


def _told_posts(person: Person) -> str:
    held = (f"{post.get_role_display()}{_('（')}{post.unit.label}{_('）')}" for post in _posts(person))
    return _("；").join(held)


def _shown_posts(person: Person) -> str:
    held = [(post.get_role_display(), _("，"), post.unit.label) for post in _posts(person)]
    if not held:
        return format_html('<span class="muted">{}</span>', _("未任职"))
    return format_html_join("", "<div>{}{}{}</div>", held)


def _account(person: Person) -> Any:
    if not person.is_active:
        return badge(OUT_OF_USE)
    return _("待改密码") if person.must_change_password else IN_USE


def _last_login(person: Person) -> str:
    return f"{timezone.localtime(person.last_login):%Y-%m-%d %H:%M}" if person.last_login else ""


def _units(request: WhoRequest) -> Choices:
    return [(str(unit.pk), unit.label) for unit in units_of(home_of(request).code)]


PEOPLE = List(
    title=_("人员"),
    status=_("账号由系统管理员开通，能看什么、做什么只取决于任职。"),
    file=_("人员名册"),
    caption=_("人员名册"),
    columns=(
        Column("name", _("姓名"), width=12, link=page("core:show_person"), sort="name", phone=TITLE),
        Column("username", _("登录名"), width=16, sort="username"),
        Column("title", _("职务"), width=20),
        Column("posts_today", _("角色与单位"), width=40, value=_told_posts, show=_shown_posts),
        Column(
            "is_active",
            _("状态"),
            width=10,
            value=lambda row: IN_USE if row.is_active else OUT_OF_USE,
            show=_account,
            css="nowrap",
        ),
        Column("last_login", _("最近登录"), width=18, value=_last_login, sort="last_login"),
    ),
    filters=(
        Filter("q", _("姓名或登录名")),
        Filter("role", _("角色"), Role.choices),
        Filter("unit", _("单位"), _units),
        Filter("state", _("状态"), [*STATES, ("unposted", _("未任职"))]),
    ),
    sorts={
        "name": (_("姓名"), ("name", "username")),
        "username": (_("登录名"), ("username",)),
        "last_login": (_("最近登录"), ("last_login", "username")),
    },
    sort="name",
    empty=(_("没有符合条件的人员"), _("去掉一些条件再试，或者开通新账号。")),
)


def _people(people: QuerySet[Person], said: Mapping[str, str], today: date) -> QuerySet[Person]:
    """Role and unit must be those of one appointment of today."""
    held = Appointment.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=today), person=OuterRef("pk"), starts__lte=today
    )
    if said["q"]:
        people = having("name__icontains", "username__icontains")(people, said["q"])
    if wanted := {name: said[name] for name in ("role", "unit") if said[name]}:
        people = people.filter(Exists(held.filter(**wanted)))
    if said["state"] == "unposted":
        return people.filter(~Exists(held))
    return people.filter(is_active=said["state"] == "active") if said["state"] else people


@require_safe
@for_role(Role.ADMIN)
def list_people(request: WhoRequest) -> HttpResponse:
    """The accounts that the administrator looks after."""
    today = clock.today()
    people = with_posts(visible_people(request.who), today=today)
    action = Button(reverse("core:create_person"), _("开通账号"))
    return answer_list(request, PEOPLE, lambda said: _people(people, said, today), {"action": action})


def _by_state(units: QuerySet[Unit], state: str) -> QuerySet[Unit]:
    return units.filter(active=state == "active")


UNITS = List(
    title=pgettext_lazy("navigation", "单位"),
    status=_("名称和别名用于导入表格时的匹配。"),
    file=_("单位名册"),
    caption=_("单位名册"),
    columns=(
        filed("code", _("单位代码"), 14),
        Column("name", _("单位名称"), width=34, show=local_name, link=page("core:edit_unit"), sort="name", phone=TITLE),
        Column("short_name", _("简称"), width=16, css="nowrap"),
        Column("code", _("代码"), sort="code"),
        Column("get_kind_display", _("类别"), width=20, css="nowrap"),
        filed("region.name", _("所属区划"), 12),
        Column("aliases", _("别名"), width=40, value=lambda row: listed(row.aliases)),
        Column(
            "active",
            _("状态"),
            width=8,
            value=lambda row: IN_USE if row.active else OUT_OF_USE,
            show=lambda row: IN_USE if row.active else badge(OUT_OF_USE),
            css="nowrap",
        ),
    ),
    filters=(
        Filter("q", _("名称或代码"), narrow=having("name__icontains", "short_name__icontains", "code__iexact")),
        Filter("kind", _("类别"), UnitKind.choices),
        Filter("state", _("状态"), STATES, _by_state),
    ),
    sorts={
        "order": (_("排序"), ("order", "code")),
        "name": (_("名称"), ("name", "code")),
        "code": (_("代码"), ("code",)),
    },
    sort="order",
    empty=(_("没有符合条件的单位"), _("去掉一些条件再试，或者新建单位。")),
)


@require_safe
@for_role(Role.ADMIN)
def list_units(request: WhoRequest) -> HttpResponse:
    """The units of the administrator's regions."""
    units = Unit.objects.filter(within("region__code", request.who.prefixes(Role.ADMIN))).select_related("region")
    return answer_list(request, UNITS, units, {"action": Button(reverse("core:create_unit"), _("新建单位"))})


def _setting(row: SettingRow) -> str:
    return format_html("<strong>{}</strong>", in_words(row.rule, row.value))


def _origin(row: SettingRow) -> Any:
    if row.own:
        return _("本县设定")
    return row.origin or badge(_("假设（可调整）"))


def _changed(row: SettingRow) -> str:
    return f"{row.changed_by}{_('，')}{row.changed_on:%Y-%m-%d}" if row.changed_on else NOTHING


def _change(row: SettingRow) -> str:
    address = reverse("core:change_setting", args=[row.key])
    return format_html('<a href="{}">{}<span class="visually-hidden">{}</span></a>', address, _("调整"), row.label)


SETTINGS = List(
    title=_("设置"),
    status=_("公开资料没有规定的做法，系统按假设取默认值，本县可以调整；调整立即生效并记入审计。"),
    caption=_("设置"),
    columns=(
        Column("label", _("设置项"), phone=TITLE),
        Column("value", _("现值"), show=_setting),
        Column("rule.default", _("默认值"), show=lambda row: in_words(row.rule, row.rule.default)),
        Column("origin", _("来源"), show=_origin, css="nowrap"),
        Column("changed_on", _("最近修改"), show=_changed, css="nowrap"),
        Column("key", _("操作"), show=_change),
    ),
)


@require_safe
@for_role(Role.ADMIN)
def list_settings(request: WhoRequest) -> HttpResponse:
    """Every setting with its default, and who changed it."""
    return answer_list(request, SETTINGS, settings_overview(home_of(request).code))


def _at(row: AuditRecord) -> str:
    return f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"


def _verb(row: AuditRecord) -> str:
    return verb_label(row.verb, row.target_type)


def _kind(row: AuditRecord) -> str:
    return kind_label(row.target_type)


def _over(upper: Any, lower: Any) -> str:
    return format_html('{}<div class="muted">{}</div>', upper, lower) if lower else upper


def _changes(row: AuditRecord) -> str:
    lines = (f"{item.name}{_('：')}{item.before or NOTHING}→{item.after or NOTHING}" for item in differences(row))
    return _("；").join(lines)[:2000]


def _verbs(request: WhoRequest) -> Choices:
    found = {(verb, verb_label(verb, kind)) for verb, kind in verbs_in(request.who)}
    return sorted(found, key=lambda pair: pair[1])


def _kinds(request: WhoRequest) -> Choices:
    found = {(kind, kind_label(kind)) for _verb, kind in verbs_in(request.who)}
    return sorted(found, key=lambda pair: pair[1])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _records(request: WhoRequest, said: Mapping[str, str]) -> QuerySet[AuditRecord]:
    return audit_trail(
        request.who,
        name=said["person"],
        verb=said["verb"],
        target_type=said["kind"],
        target=said["target"],
        since=_day(said["since"]),
        until=_day(said["until"]),
    )


RECORDS = List(
    title=_("审计记录"),
    status=_("每项操作一条，只增不改；时间为服务器时间，业务日期为当时系统所用的日期。"),
    caption=_("审计记录"),
    most=50_000,
    columns=(
        Column("sequence", _("序号"), link=page("core:show_record", "sequence"), sort="sequence", phone=TITLE),
        filed("sequence", _("序号"), 8, NUMBER),
        Column("at", _("时间"), width=20, value=_at),
        filed("business_date", _("业务日期"), 12, DATE),
        Column("person_name", _("操作人"), width=10, show=lambda row: _over(row.person_name, row.role)),
        filed("role", _("身份"), 16),
        Column("verb", _("操作"), width=18, value=_verb),
        filed("target_type", _("对象类型"), 12, value=_kind),
        Column("target_label", _("对象"), width=30, show=lambda row: _over(row.target_label, _kind(row))),
        filed("after", _("变更"), 60, value=_changes),
        Column("channel", _("来源"), show=lambda row: _over(channel_label(row), row.address)),
        filed("channel", _("渠道"), 8, value=channel_label),
        filed("address", _("来源地址"), 16),
        filed("digest", _("摘要"), 66),
    ),
    sorts={"sequence": (_("序号"), ("sequence",))},
    sort="-sequence",
    empty=(_("没有符合条件的记录"), _("去掉一些条件再试。")),
    filters=(
        Filter("person", _("操作人")),
        Filter("verb", _("操作"), _verbs),
        Filter("kind", _("对象类型"), _kinds),
        Filter("target", _("对象")),
        Filter("since", _("起（如2021-09-06）")),
        Filter("until", _("止（如2021-09-30）")),
    ),
)


@require_safe
@for_role(Role.AUDITOR)
def list_records(request: WhoRequest) -> HttpResponse:
    """The records of the auditor's regions, newest first."""
    action = Button(reverse("core:verify_records"), _("核验审计链"))
    return answer_list(request, RECORDS, lambda said: _records(request, said), {"action": action})
