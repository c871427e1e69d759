"""``yiqi demo``."""

from __future__ import annotations

import click
from django.conf import settings
from tqdm import tqdm

from yiqi.config.cli.frame import json_option, show
from yiqi.demo import loading, story


def load_demonstration(seed: int) -> bool:
    """Load it with a bar of progress; False where it is loaded already."""
    if loading.is_loaded():
        return False
    with tqdm(total=story.STEPS, desc="装入演示数据", unit="步", dynamic_ncols=True, leave=False, disable=None) as bar:

        def step(what: str) -> None:
            bar.update(1)
            bar.set_postfix_str(what)

        return loading.load(seed, step)


@click.command("load")
@click.option("--seed", default=2021, show_default=True, help="same seed, same story")
@json_option
def demo_load(seed: int, as_json: bool) -> None:
    """Load the demonstration; does nothing where it is loaded already."""
    loaded = load_demonstration(seed)
    words = "演示数据已装入。" if loaded else "演示数据此前已装入，没有改动。"
    show({"loaded": loaded}, as_json=as_json, lines=lambda: [words])


@click.command("reset")
@click.option("--seed", default=2021, show_default=True)
@click.option("--yes", is_flag=True, help="do not ask")
@json_option
def demo_reset(seed: int, yes: bool, as_json: bool) -> None:
    """Delete the demonstration's data in YIQI_HOME and load it anew."""
    if not yes:
        click.confirm(f"将删除 {settings.YIQI_HOME} 中的演示数据并重新装入，继续吗？", abort=True, err=True)
    loading.clear()
    loaded = load_demonstration(seed)
    show({"loaded": loaded}, as_json=as_json, lines=lambda: ["演示数据已重新装入。"])
