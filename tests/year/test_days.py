"""A day of the walker: the same seed makes the same requests, nothing fails, and what it looks for is found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

from tests.kept import ROOT
from tests.world import TODAY
from tests.year import inputs
from tests.year.pages import read

PAGE = """<a href="/plan/tasks/?page=2">2</a><a href="https://elsewhere.cn/">x</a><a href="#top">y</a>
<form method="get"><input name="q"></form>
<form method="post" action="new/"><input type="hidden" name="csrfmiddlewaretoken" value="t">
<input type="hidden" name="version" value="3"><input name="title" maxlength="4" required><input type="date" name="due">
<select name="unit" required><option value="">-</option><option value="7">甲</option></select>
<input type="radio" name="passed" value="yes"><input type="radio" name="passed" value="no">
<input type="file" name="file"><button name="decision" value="go">好</button></form>"""


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    seen = read(PAGE, "/plan/")
    assert seen.links == ["/plan/tasks/?page=2", "/plan/"]
    (form,) = seen.forms
    assert (form.action, form.buttons) == ("/plan/new/", [("decision", "go")])
    assert [(one.name, one.kind, one.options) for one in form.controls] == [
        ("version", "hidden", []),
        ("title", "text", []),
        ("due", "date", []),
        ("unit", "select", ["", "7"]),
        ("passed", "radio", ["yes", "no"]),
        ("file", "file", []),
    ]


def test_a_form_is_filled_by_its_fields_and_now_and_then_with_what_nobody_should_type() -> None:
    (form,) = read(PAGE, "/plan/").forms
    lawful, _files = inputs.fill(form, Random(1), TODAY, 0)
    typed = dict(lawful)
    assert (typed["version"], typed["unit"], typed["decision"], 0 < len(typed["title"]) <= 4) == ("3", "7", "go", True)
    odd = dict(inputs.fill(form, Random(1), TODAY, 1)[0])
    assert (odd["version"], {odd["title"], odd["unit"]} <= set(inputs.ODD)) == ("3", True)


def walk(log: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.year", "--seed", "4", "--days", "2", "--visits", "5", "--log", str(log)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_two_days_bring_no_finding_and_the_same_seed_the_same_requests(tmp_path: Path) -> None:
    first, again = (walk(tmp_path / name) for name in ("first", "again"))
    assert (first["findings"], again["findings"]) == ([], [])
    asked = [
        [
            (step["person"], step["method"], step["address"])
            for step in map(json.loads, (tmp_path / name).read_text().splitlines())
        ]
        for name in ("first", "again")
    ]
    assert asked[0] == asked[1]
    assert {step[1] for step in asked[0]} == {"get", "post"}
