"""A stale form shows what stands on record and may then be sent again."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.web.refusals import on_record, refuse


class Note(forms.Form):
    """A form with a version."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label="内容")
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲"), ("b", "乙")])
    unit = forms.CharField(label="单位")


def sent(**facts: str) -> Note:
    """What the reader typed, beside what is on record."""
    said = QueryDict(mutable=True)
    said.update({"version": "3", "text": "我写的", "kind": "b", "unit": "财政局", **facts})
    return Note(said, initial={"version": 3, "text": "别人写的", "kind": "a", "unit": "财政局"})


def test_a_stale_form_shows_what_differs_and_takes_on_the_version() -> None:
    form = sent()
    assert form.is_valid()
    refuse(form, ConflictError("已被他人修改", code="stale_form", data={"expected": 3, "actual": 5}))
    assert on_record(form) == [("内容", "别人写的"), ("类别", "甲")]
    assert (form["version"].value(), form["text"].value()) == ("5", "我写的")


def test_another_refusal_stands_at_its_field() -> None:
    form = sent()
    assert form.is_valid()
    refuse(form, InvalidInputError("太长", data={"field": "text"}))
    assert (form.errors["text"], on_record(form), form["version"].value()) == (["太长"], [], "3")
