"""One seed, one story: people who open pages, follow links, fill in what they find, day after day."""

from __future__ import annotations

import json
import re
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from random import Random
from typing import Any, TextIO

from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils.module_loading import import_string

from tests.year import inputs, invariants
from tests.year.pages import Form, Seen, read
from yiqi.core.doors import DailyJob
from yiqi.core.models import Appointment, Person
from yiqi.kit.offering import offered

LEFT_ALONE = ("/account/", "/system/language/", "/static/")
ENDS_PEOPLE = ("/deactivate/", "/end/", "/password/", "/second-factor/")
NUMBERS = re.compile(r"[0-9A-Fa-f-]*[0-9][0-9A-Fa-f-]*")
STEPS = 8
DOES = 0.7


@dataclass(frozen=True)
class Step:
    """A request, as it is written into the log and read from it."""

    number: int
    day: str
    person: str
    method: str
    address: str
    typed: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Walker:
    """``seed`` decides everything; ``visits`` people a working day; ``log`` takes a line for each step."""

    seed: int
    first: date
    visits: int = 12
    oddness: float = 0.04
    log: TextIO | None = None
    findings: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    day: date = date.min
    _forms: dict[str, bool] = field(default_factory=dict)
    _clients: dict[str, Client] = field(default_factory=dict)
    _stale: list[tuple[str, Step]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # a story, not a secret

    def live(self, days: int) -> None:
        """Go through the days; stop at the first that ends with a finding."""
        for number in range(days):
            self._live_day(self.first + timedelta(days=number))
            if self.findings:
                return

    def _live_day(self, day: date) -> None:
        self.day = day
        settings.YIQI_AS_OF = day
        cache.clear()
        self._run_jobs()
        working = day.weekday() < 5
        for _visit in range(self.visits if working else self.visits // 6):
            self._visit()
        self.findings += [f"{day}: {line}" for line in invariants.broken(day)]

    def _run_jobs(self) -> None:
        for job in offered(DailyJob):
            try:
                import_string(job.function)()
            except Exception:  # noqa: BLE001  # whatever it is, it is a finding
                self.findings.append(f"{self.day}: the job {job.name} failed\n{traceback.format_exc(limit=-4)}")

    def _visit(self) -> None:
        posts = Appointment.objects.filter(person__is_active=True).order_by("role", "person__username")
        people: dict[str, list[str]] = {}
        for role, name in posts.values_list("role", "person__username"):
            people.setdefault(role, []).append(name)
        person = self.chance.choice(people[self.chance.choice(list(people))])
        page = self._ask(person, "/")
        for _step in range(self.chance.randint(1, STEPS)):
            forms = [form for form in page.forms if not _left_alone("post", form.action)] if page else []
            links = [link for link in page.links if not _left_alone("get", link)] if page else []
            if forms and self.chance.random() < DOES:
                page = self._send(person, self.chance.choice(forms))
            elif links:
                page = self._ask(person, self.chance.choices(links, [self._worth(link) for link in links])[0])
            else:
                return

    def _worth(self, link: str) -> float:
        """People come to do something: pages of a kind that had forms draw, unknown ones too, known lists less."""
        path, asked, _query = link.partition("?")
        kind = NUMBERS.sub("#", path)
        known = self._forms.get(kind)
        worth = 4.0 if known is None else 12.0 if known else 0.5
        return worth * (3 if kind != path else 1) * (0.1 if asked else 1)

    def _ask(self, person: str, address: str) -> Seen | None:
        page = self.take(Step(self.steps + 1, str(self.day), person, "get", address))
        if page is not None:
            kind = NUMBERS.sub("#", address.partition("?")[0])
            useful = any(not _left_alone("post", form.action) for form in page.forms)
            self._forms[kind] = self._forms.get(kind, False) or useful
        return page

    def _send(self, person: str, form: Form) -> Seen | None:
        typed, files = inputs.fill(form, self.chance, self.day, self.oddness)
        step = Step(self.steps + 1, str(self.day), person, form.method, form.action, typed, files)
        seen = self.take(step)
        self._stale = [*self._stale[-20:], (person, step)]
        if self.chance.random() < 0.05:  # pressed twice, or a page that was left open for days
            person, step = self.chance.choice(self._stale)
            self.take(Step(self.steps + 1, str(self.day), person, step.method, step.address, step.typed, step.files))
        return seen

    def take(self, step: Step) -> Seen | None:
        """Make one request; what its page offers, None where it is no page to go on from."""
        if _left_alone(step.method, step.address):
            return None
        self.steps = step.number
        if self.log is not None:
            self.log.write(json.dumps(step.__dict__, ensure_ascii=False) + "\n")
            self.log.flush()
        try:
            response = self._request(step)
        except Exception:  # noqa: BLE001  # whatever it is, it is a finding
            self._found(step, traceback.format_exc(limit=-4))
            return None
        self.statuses[f"{step.method} {response.status_code}"] += 1
        if response.status_code >= 500:
            self._found(step, f"status {response.status_code}")
        if response.status_code in {301, 302, 303}:
            return self.take(Step(step.number + 1, step.day, step.person, "get", response.headers["Location"]))
        if not response.headers.get("Content-Type", "").startswith("text/html") or response.status_code >= 500:
            for _chunk in response:  # a file that is streamed fails while it is read
                pass
            return None
        return read(response.content.decode(), step.address)

    def _request(self, step: Step) -> Any:
        client = self._clients.get(step.person)
        if client is None:
            client = self._clients[step.person] = Client()
            person = Person.objects.get(username=step.person)
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        if step.method == "get":
            return client.get(step.address)
        data: dict[str, Any] = {}
        for name, value in step.typed:
            data.setdefault(name, []).append(value)
        for name, file in step.files:
            upload = BytesIO(inputs.FILES[file])
            upload.name = file
            data[name] = upload
        return client.post(step.address, data)

    def _found(self, step: Step, what: str) -> None:
        self.findings.append(f"step {step.number}: {step.person} {step.method} {step.address} {step.typed}\n{what}")


def _left_alone(method: str, address: str) -> bool:
    """Signing out, and what takes people away: a year needs them."""
    path = address.partition("?")[0]
    return path.startswith(LEFT_ALONE) or (method == "post" and path.endswith(ENDS_PEOPLE))
