"""The cockpit: an empty county says what to do next. A county at work is in tests/demo/test_story.py."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from tests.world import TODAY, World
from yiqi.cockpit.queries import cockpit, standings


def test_an_empty_county_says_what_to_do_next(world: World, sign_in: Callable[[str], Client]) -> None:
    page = sign_in("leader").get("/").content.decode()
    assert "还没有发布的考核轮次" in page
    assert "导入任务分解表" in page


def test_a_county_without_a_round_has_no_standing(world: World) -> None:
    assert standings(world.who("leader")).table is None
    assert cockpit(world.who("leader"), today=TODAY).biggest == 0.0
