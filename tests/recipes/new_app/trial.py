"""What is tried with the new app on its own database; run inside of the copy, prints what it has seen as JSON."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, timedelta
from types import SimpleNamespace

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "yiqi.config.settings"
django.setup()

from django.test import Client
from django.urls import reverse
from yiqi.notes.operations import finish_note, write_note

from scripts import glossary
from tests.dispatch.conftest import build_drive
from tests.notes.matrix import ROWS
from tests.permissions.table import ASKERS, LOGIN
from tests.world import TODAY, build_world
from yiqi.core.doors import Chapter
from yiqi.core.queries import verb_label
from yiqi.dispatch.enums import Opening
from yiqi.dispatch.operations import draft_report, give_directive, open_week
from yiqi.dispatch.queries import sources_of
from yiqi.kit.offering import offered
from yiqi.kit.origin import Origin, coming_from


def client_of(username: str) -> Client:
    """Somebody signed in."""
    client = Client()
    client.force_login(world.people[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


with coming_from(Origin("test")):
    world = build_world()
    drive = build_drive(world)
    office = world.who("office")
    task = drive.task()
    note = write_note(by=office, today=TODAY, task=task, title="等答复")
    other = finish_note(by=office, today=TODAY, note=write_note(by=office, today=TODAY, task=task, title="已答复"))
    week = open_week(by=office, today=TODAY, campaign=drive.campaign, how=Opening.HAND)
    item = week.items.get(kind="note")
    directive = give_directive(
        by=office, today=TODAY, campaign=drive.campaign, title="办", unit=world.bureau, item=item, week=week
    )
    report = draft_report(
        by=office, today=TODAY, campaign=drive.campaign, starts=TODAY - timedelta(days=13), ends=TODAY
    )
    client = client_of("office")
    page = client.get(reverse("notes:list_notes"))
    exported = client.get(reverse("notes:list_notes"), {"export": "csv"}).content.decode("utf-8-sig")
    chapter = next(one for one in offered(Chapter) if one.order == 60)
    type(task).objects.update(demo=True)
    stage = SimpleNamespace(cast=SimpleNamespace(who=world.who))
    told = list(chapter.day(stage, date(2021, 7, 12))) if chapter.day else []
    statuses = {
        asker: client_of(asker).get(reverse(ROWS[0].name)).status_code if asker != "anonymous" else LOGIN
        for asker in ASKERS
    }

seen = {
    "list": [page.status_code, note.title in page.content.decode()],
    "export": next(line for line in exported.splitlines() if note.title in line).replace('"', "").split(","),
    "rail": 'href="/notes/"' in page.content.decode(),
    "panel": "便签3条" in client.get(reverse("plan:show_task", args=[task.pk])).content.decode(),
    "agenda": [item.title, item.kind_label, item.reason, item.force_id == drive.force.pk, str(item.refs[0])],
    "item": note.title in client.get(reverse("dispatch:show_item", args=[week.pk, item.pk])).content.decode(),
    "directive": [str(ref) for ref in directive.refs],
    "behind": reverse("notes:list_notes")
    in client.get(reverse("dispatch:show_directive", args=[directive.pk])).content.decode(),
    "report": next(part["text"] for part in report.sections if part["key"] == "notes"),
    "figure": [one.told.label for one in sources_of(office, report, "notes")],
    "verb": verb_label("note.finish"),
    "words": "- 便签: note" in glossary.page(),
    "story": len(told),
    "matrix": statuses == dict(ROWS[0].expected),
    "done": other.status,
}
sys.stdout.write(json.dumps(seen, ensure_ascii=False))
