"""Fields of forms with label, hint and error."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django import forms

from tests.kit.drawing import drawn


class Sample(forms.Form):
    title = forms.CharField(label="名称", help_text="四十字以内")
    due = forms.DateField(label="时限", required=False)
    at = forms.DateTimeField(label="时间", required=False)
    percent = forms.DecimalField(label="比例", required=False)
    count = forms.IntegerField(label="件数", required=False)
    text = forms.CharField(label="情况", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="类别", choices=[("a", "一般"), ("b", "重大")], widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(
        label="单位", choices=[("1", "甲"), ("2", "乙")], widget=forms.CheckboxSelectMultiple, required=False
    )
    lead = forms.ChoiceField(label="牵头", choices=[("", "请选择")], required=False)
    claims = forms.BooleanField(label="申请验收", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def field_of(form: forms.Form, name: str) -> str:
    return drawn("{% field form_field %}", form_field=form[name])


def test_field_ties_label_hint_and_error() -> None:
    html = field_of(Sample({"title": ""}), "title")
    assert '<label class="form-label" for="id_title">名称' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="form-control is-invalid"' in html
    assert '<span class="required" aria-hidden="true">*</span>' in html


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("due", {"type": "date", "value": "2021-09-06", "class": "form-control"}),
        ("at", {"type": "datetime-local", "value": "2021-09-06T09:30"}),
        ("percent", {"inputmode": "decimal"}),
        ("count", {"inputmode": "numeric"}),
        ("text", {"rows": "4"}),
        ("lead", {"class": "form-select"}),
        ("claims", {"type": "checkbox", "class": "form-check-input"}),
        ("version", {"type": "hidden", "value": "3"}),
    ],
)
def test_field_by_widget(name: str, attributes: dict[str, str]) -> None:
    form = Sample(initial={"due": date(2021, 9, 6), "at": "2021-09-06T09:30", "version": 3})
    html = field_of(form, name)
    control = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', html)
    assert control is not None
    found = dict(re.findall(r'([\w-]+)="([^"]*)"', control[0]))
    assert {key: found.get(key) for key in attributes} == attributes


@pytest.mark.parametrize(("typed", "kind"), [("2021-13-45", "text"), ("九月六日", "text"), ("2021-09-06", "date")])
def test_a_date_that_cannot_be_read_stays_visible(typed: str, kind: str) -> None:
    html = field_of(Sample({"due": typed}), "due")
    assert f'type="{kind}" name="due" value="{typed}"' in html


def test_hidden_field_has_no_label() -> None:
    assert "label" not in field_of(Sample(), "version")


@pytest.mark.parametrize(("name", "kind", "value"), [("kind", "radio", "b"), ("units", "checkbox", "2")])
def test_choices_are_a_fieldset_with_labels(name: str, kind: str, value: str) -> None:
    html = field_of(Sample({name: value}), name)
    assert html.startswith('<fieldset class="field')
    assert re.findall(r'value="(\w)" id="\w+" checked', html) == [value]
    inputs = re.findall(rf'type="{kind}" name="{name}" value="\w" id="(\w+)"', html)
    assert inputs == re.findall(r'<label class="form-check" for="(\w+)"', html) == [f"id_{name}_0", f"id_{name}_1"]


def test_form_errors_lists_the_form_and_links_to_fields() -> None:
    form = Sample({"due": "x", "kind": "a"})
    form.add_error(None, "记录已被他人修改。")
    html = drawn("{% form_errors form %}", form=form)
    assert "<p>记录已被他人修改。</p>" in html
    assert re.findall(r'<a href="#(\w+)">', html) == ["id_title", "id_due"]
    assert 'role="alert"' in html


def test_form_errors_of_a_good_form() -> None:
    assert drawn("{% form_errors form %}", form=Sample({"title": "x", "kind": "a"})) == ""


class Bare(forms.Form):
    instance = SimpleNamespace(version=5)


@pytest.mark.parametrize(
    ("form", "html"),
    [
        (Sample(initial={"version": 3}), '<input type="hidden" name="version" value="3" id="id_version">'),
        (Bare(), '<input type="hidden" name="version" value="5">'),
        (forms.Form(), ""),
    ],
)
def test_hidden_version(form: forms.BaseForm, html: str) -> None:
    assert drawn("{% hidden_version form %}", form=form) == html
