"""Commands asked inside the test's own process and database."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.world import TODAY, World
from yiqi.config.cli import commands, frame
from yiqi.plan.enums import CampaignStatus
from yiqi.plan.models import Campaign


@dataclass(frozen=True)
class Told:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one document that it has to be."""
        return json.loads(self.out)


Call = Callable[..., Told]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """``call("campaign", "list")`` runs that command as ``yiqi`` does; nobody sits at the terminal."""

    def called(*words: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["yiqi", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        capsys.readouterr()
        status = frame.run(commands.root)
        out, err = capsys.readouterr()
        return Told(status, out, err)

    return called


@pytest.fixture
def campaign(world: World) -> Campaign:
    """An active campaign of the county."""
    return Campaign.objects.create(
        region=world.county,
        code="YC2021",
        name="翼城县“十大行动”",
        year=2021,
        starts=TODAY.replace(month=1, day=1),
        ends=TODAY.replace(month=12, day=31),
        status=CampaignStatus.ACTIVE,
    )
