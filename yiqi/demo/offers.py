"""What the demonstration offers: the chapters of the apps that it knows, in the order of a day."""

from __future__ import annotations

from yiqi.core.doors import Chapter
from yiqi.demo import story

OFFERS = (
    Chapter(10, begin=story.found, day=story.accept),
    Chapter(20, day=story.meet),
    Chapter(30, day=story.progress),
    Chapter(40, day=story.publish),
    Chapter(50, day=story.write),
)
