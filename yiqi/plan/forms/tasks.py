"""Creating and editing tasks and nodes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiqi.core.enums import Role
from yiqi.core.models import Person, Unit
from yiqi.core.queries import units_of, within
from yiqi.kit.sheets import read_date_text
from yiqi.kit.web.deeds import VersionForm, choose_from
from yiqi.plan.enums import Frequency
from yiqi.plan.models import Action, Campaign, Task
from yiqi.plan.operations import NewNode, TaskFacts
from yiqi.plan.operations.tasks import COLUMNS


def leaders_of(campaign: Campaign, today: date) -> QuerySet[Person]:
    """The county's leaders of today."""
    reach = within("appointments__region__code", [campaign.region.prefix])
    held = Person.objects.filter(reach, appointments__role=Role.LEADER, appointments__starts__lte=today)
    return held.exclude(appointments__role=Role.LEADER, appointments__ends__lt=today).distinct()


class TaskForm(VersionForm):
    """What a task says; its nodes are typed one a line when it is created, and kept on its page afterwards."""

    title = forms.CharField(label=gettext_lazy("任务名称"), max_length=200)
    measure = forms.CharField(label=gettext_lazy("具体举措"), required=False, widget=forms.Textarea)
    lead_unit = forms.ModelChoiceField(
        label=gettext_lazy("牵头单位"), queryset=Unit.objects.none(), empty_label=gettext_lazy("请选择")
    )
    support_units = forms.ModelMultipleChoiceField(
        label=gettext_lazy("配合单位"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("按住Ctrl键可选多个。"),
    )
    leader = forms.ModelChoiceField(
        label=gettext_lazy("责任领导"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("暂不指定"),
    )
    starts = forms.DateField(label=gettext_lazy("开始日期"), widget=forms.DateInput)
    due = forms.DateField(label=gettext_lazy("完成时限"), required=False, widget=forms.DateInput)
    ongoing = forms.BooleanField(label=gettext_lazy("长期坚持（没有完成时限）"), required=False)
    frequency = forms.ChoiceField(
        label=gettext_lazy("报送频次"), choices=Frequency.choices, initial=Frequency.MONTHLY.value
    )
    evidence_rule = forms.CharField(
        label=gettext_lazy("办结佐证要求"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("只在申请办结时要求上传；不需要佐证的留空。"),
    )

    def __init__(self, *args: Any, campaign: Campaign, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        units = units_of(campaign.region_id).order_by("order", "code")
        for name in ("lead_unit", "support_units"):
            choose_from(self, name, units)
        choose_from(self, "leader", leaders_of(campaign, today))

    @property
    def facts(self) -> TaskFacts:
        """What was typed, for the operation."""
        said = self.cleaned_data
        return TaskFacts(support_units=tuple(said["support_units"]), **{name: said[name] for name in COLUMNS})


class NewTaskForm(TaskForm):
    """The same with the action, the code and the nodes."""

    action = forms.ModelChoiceField(
        label=gettext_lazy("所属行动"), queryset=Action.objects.none(), empty_label=gettext_lazy("请选择")
    )
    code = forms.CharField(
        label=gettext_lazy("任务编号"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("留空则按行动自动编号，如A03-07。"),
    )
    nodes = forms.CharField(
        label=gettext_lazy("节点"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每行一个节点：日期、空格、节点名称，如“2021-08-20 完成招标”。"),
    )
    field_order = ("action", "code", "title", "measure", "lead_unit", "support_units", "leader", "starts", "due")

    def __init__(self, *args: Any, campaign: Campaign, today: date, **kwargs: Any):
        super().__init__(*args, campaign=campaign, today=today, **kwargs)
        self.year = campaign.year
        choose_from(self, "action", campaign.actions.all())

    def clean_nodes(self) -> list[NewNode]:
        """One node a line; an unreadable line is named."""
        nodes = []
        for number, line in enumerate(self.cleaned_data["nodes"].splitlines(), start=1):
            if not line.strip():
                continue
            written, _space, title = line.strip().partition(" ")
            due = read_date_text(written, year=self.year).day
            if due is None or not title.strip():
                message = _("第%(number)s行“%(line)s”读不出日期和名称，请写成“2021-08-20 完成招标”。")
                raise forms.ValidationError(message % {"number": number, "line": line.strip()[:40]})
            nodes.append(NewNode(title.strip()[:200], due))
        return nodes


class NodeForm(forms.Form):
    """A node of a task."""

    title = forms.CharField(label=gettext_lazy("节点"), max_length=200)
    due = forms.DateField(label=gettext_lazy("应于"), widget=forms.DateInput)


def initial_of(task: Task) -> dict[str, Any]:
    """What the form of an existing task begins with; the units come with one statement."""
    names = (*COLUMNS, "version")
    units = {"lead_unit": task.lead_unit_id, "support_units": [unit.pk for unit in task.support_units.all()]}
    return {name: getattr(task, name) for name in names} | units
