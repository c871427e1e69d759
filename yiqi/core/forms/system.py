"""Forms of the system pages; they check what was typed, the operations check whether it may be done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiqi.core.enums import SETTING_RULES, ClockKind, Role, UnitKind, ValueKind, Weekday
from yiqi.core.models import Appointment, CalendarDay, Person, Region, Unit
from yiqi.core.queries import units_of, within
from yiqi.core.rules import Mandate
from yiqi.kit.web.deeds import choose_from
from yiqi.kit.wording import local_name

if TYPE_CHECKING:
    _UnitForm = forms.ModelForm[Unit]
else:
    _UnitForm = forms.ModelForm  # Django's forms are generic in the stubs alone


def _model_field(model: type[Any], name: str) -> Any:
    return model._meta.get_field(name).formfield()


class PersonForm(forms.Form):
    """A new account."""

    username = _model_field(Person, "username")
    name = _model_field(Person, "name")
    title = _model_field(Person, "title")
    phone = _model_field(Person, "phone")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("登录时使用，开通后不能修改。可用字母、数字和 . - _ 。")
        self.fields["phone"].help_text = _("仅供工作联系，列表中不显示。")


class EditPersonForm(forms.Form):
    """What can be changed of an account."""

    name = _model_field(Person, "name")
    title = _model_field(Person, "title")
    phone = _model_field(Person, "phone")
    version = forms.IntegerField(widget=forms.HiddenInput)


class AppointForm(forms.Form):
    """An appointment of a person."""

    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("单位"))
    region = forms.ModelChoiceField(
        Region.objects.none(), label=_("范围"), help_text=_("能看到哪一级的工作，一般为本县。")
    )
    starts = _model_field(Appointment, "starts")
    ends = _model_field(Appointment, "ends")

    def __init__(self, *args: Any, who: Mandate, **kwargs: Any):
        super().__init__(*args, **kwargs)
        assert who.home is not None
        units = units_of(who.home.code)
        choose_from(self, "unit", units)
        regions = Region.objects.filter(within("code", who.prefixes(Role.ADMIN)))
        choose_from(self, "region", regions, local_name)
        self.fields["region"].initial = who.home.pk
        self.fields["ends"].help_text = _("任职的最后一天；长期任职留空。")


class EndAppointmentForm(forms.Form):
    """The last day of an appointment."""

    ends = forms.DateField(label=_("任职的最后一天"))


class UnitForm(_UnitForm):
    """A unit, new or changed. Aliases are typed with commas or line breaks between them."""

    aliases = forms.CharField(
        label=_("别名"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("导入表格时可能出现的其他叫法，每行一个。"),
    )

    class Meta:
        model = Unit
        fields = ("code", "name", "short_name", "name_en", "kind", "aliases", "order", "active")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["order"].help_text = _("数字小的排在前面。")
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = UnitKind.choices  # without the empty one: a unit always has a kind
        if self.instance.pk:
            self.initial["aliases"] = "\n".join(self.instance.aliases)
            self.fields["active"].help_text = _("停用后不再出现在选择列表和导入匹配中，历史记录保留。")
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=self.instance.version)
            del self.fields["code"]
        else:
            self.fields["code"].help_text = _("简短的代码，例如FGJ；建立后不能修改。")
            del self.fields["active"]

    def clean_aliases(self) -> list[str]:
        """The names as a list, each once."""
        names = re.split(r"[\n,，、;；]", self.cleaned_data["aliases"])
        return list(dict.fromkeys(name.strip() for name in names if name.strip()))


class SettingForm(forms.Form):
    """One setting; its input follows from what it holds. ``version`` 0 stands for no own value so far."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, key: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(key)


def _value_field(key: str) -> forms.Field:
    rule = SETTING_RULES[key]
    if rule.kind is ValueKind.NUMBER:
        label = _("取值（%(unit)s）") % {"unit": rule.unit}
        return forms.IntegerField(label=label, min_value=rule.minimum, max_value=rule.maximum)
    if rule.kind is ValueKind.WEEKDAY:
        return forms.TypedChoiceField(label=_("取值"), choices=Weekday.choices, coerce=int)
    if rule.kind is ValueKind.CHOICE:
        return forms.ChoiceField(label=_("取值"), choices=ClockKind.choices, widget=forms.RadioSelect)
    return forms.MultipleChoiceField(
        label=_("取值"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class CalendarDayForm(forms.Form):
    """Whether a day is worked, and on what grounds."""

    working = forms.TypedChoiceField(
        label=_("这一天"),
        choices=[("yes", _("上班")), ("no", _("休息"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    name = _model_field(CalendarDay, "name")
    source = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("例如国务院办公厅关于部分节假日安排的通知及文号。")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class CalendarYearForm(forms.Form):
    """The confirmation that a year's schedule has been entered."""

    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("例如国办发明电〔2026〕×号。"))


class AnchorForm(forms.Form):
    """A digest that was noted outside of the system earlier; both fields or neither."""

    sequence = forms.IntegerField(label=_("留存的序号"), min_value=1, required=False)
    digest = forms.RegexField(
        r"^[0-9a-fA-F]{64}$",
        label=_("留存的摘要"),
        required=False,
        error_messages={"invalid": _("摘要应为64位十六进制字符。")},
    )

    def clean(self) -> dict[str, Any]:
        """Half an anchor is a slip."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("sequence")) != bool(cleaned.get("digest")):
            raise forms.ValidationError(_("序号和摘要要么都填，要么都不填。"))
        return cleaned

    def anchor(self) -> tuple[int, str] | None:
        """What was typed, or None."""
        if not self.cleaned_data.get("sequence"):
            return None
        return self.cleaned_data["sequence"], self.cleaned_data["digest"].lower()
