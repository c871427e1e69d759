"""Six weekly meetings: what is decided, given, done, put off; five are closed, the sixth lies open on the last day."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from yiqi.appraisal.enums import IndicatorMatter
from yiqi.appraisal.models import Block, Framework
from yiqi.core.rules import Mandate
from yiqi.demo.story.cast import FORCES, Cast
from yiqi.demo.story.deeds import force_actions
from yiqi.dispatch.enums import UNFINISHED, AgendaKind, AgendaStatus, DirectiveStatus, Opening, Rating, Weight
from yiqi.dispatch.models import AgendaItem, Directive, Week
from yiqi.dispatch.operations import (
    accept_directive,
    ask_extension,
    close_week,
    create_force,
    decide_extension,
    decide_item,
    feed_back,
    give_directive,
    open_week,
    rate_directive,
    review_directive,
)
from yiqi.plan.enums import TaskMatter
from yiqi.plan.models import Campaign

MONDAYS = tuple(date(2021, 8, 2) + timedelta(weeks=week) for week in range(6))
GIVEN_A_WEEK = 6
PLACE = "县政府三楼会议室"
DECIDES: dict[str, str] = {
    TaskMatter.RED: "由{unit}牵头，逐项列出未完成环节，倒排工期，按时限报结果。",
    TaskMatter.DECISION: "同意协调。由{unit}提出需要支持的具体清单，有关单位三日内答复。",
    IndicatorMatter.LOSING: "由{unit}会同统计部门分析失分原因，提出追赶措施。",
    TaskMatter.YELLOW: "由{unit}对照节点提前检查，确保按期完成。",
}
REQUIRES: dict[str, str] = {
    TaskMatter.RED: "列出未完成环节、责任人和完成日期，完成后报佐证材料。",
    TaskMatter.DECISION: "报需要协调的单位、事项和时间要求。",
    IndicatorMatter.LOSING: "报失分原因分析和下月追赶措施。",
    TaskMatter.YELLOW: "报节点完成情况。",
}
TITLES: dict[str, str] = {
    TaskMatter.RED: "限期完成“{title}”逾期节点",
    TaskMatter.DECISION: "协调解决“{title}”有关问题",
    IndicatorMatter.LOSING: "提出“{title}”追赶措施",
    TaskMatter.YELLOW: "确保“{title}”按期完成",
}


@dataclass
class Chamber:
    """The meetings of the campaign with their chance."""

    cast: Cast
    campaign: Campaign
    chance: random.Random
    fates: dict[int, str] = field(default_factory=dict)

    def found_forces(self, framework: Framework) -> None:
        """The five task forces, named after the blocks of the appraisal."""
        actions = force_actions(self.campaign)
        blocks = {block.code: block for block in Block.objects.filter(framework=framework)}
        for order, (code, _zh, _en, _actions, answers) in enumerate(FORCES, start=1):
            create_force(
                by=self.cast.who("office"),
                today=MONDAYS[0] - timedelta(weeks=3),
                campaign=self.campaign,
                unit=self.cast.units[code],
                code=code,
                order=order,
                actions=actions[code],
                blocks=[blocks[name] for name in answers],
                demo=True,
            )

    def open(self, monday: date) -> Week:
        """Open the week: mostly by schedule, once by hand."""
        by_hand = monday in {MONDAYS[0], MONDAYS[-1]}
        return open_week(
            by=self.cast.who("office") if by_hand else None,
            today=monday,
            campaign=self.campaign,
            how=Opening.HAND if by_hand else Opening.SCHEDULE,
            place=PLACE,
            chair=self.cast.leaders[0],
        )

    def hold(self, week: Week) -> None:
        """Go through the agenda: decide, give directives, take note; then close."""
        given = 0
        for item in list(
            week.items.select_related("task__lead_unit", "indicator__lead_unit", "directive", "force").order_by("order")
        ):
            if item.kind == AgendaKind.CARRIED:
                self._decide(item, AgendaStatus.NOTED, "继续办理，未完成的下期再议。")
            elif given < GIVEN_A_WEEK and self._give(week, item):
                given += 1
            else:
                self._decide(item, AgendaStatus.NOTED, "请牵头单位按时限推进。")
        units = "县委办、县政府办、县考核办、各专班及有关承办单位"
        close_week(by=self.cast.who("office"), today=week.monday, week=Week.objects.get(pk=week.pk), attendance=units)

    def _decide(self, item: AgendaItem, status: str, decision: str) -> None:
        decide_item(by=self.cast.who("office"), today=item.week.monday, item=item, decision=decision, status=status)

    def _give(self, week: Week, item: AgendaItem) -> bool:
        subject = item.task or item.indicator
        if subject is None or subject.lead_unit is None or item.kind not in TITLES:
            return False
        unit, name = subject.lead_unit, str(subject)
        same = {"task": item.task} if item.task else {"indicator": item.indicator}
        if Directive.objects.filter(**same).exclude(status=DirectiveStatus.CLOSED).exists():
            return False
        kind = item.kind
        directive = give_directive(
            by=self.cast.who("leader"),
            today=week.monday,
            campaign=self.campaign,
            title=TITLES[kind].format(title=name),
            unit=unit,
            requirement=REQUIRES[kind],
            weight=Weight.MAJOR if kind == IndicatorMatter.LOSING else Weight.ORDINARY,
            item=item,
            week=week,
            force=item.force,
            task=item.task,
            indicator=item.indicator,
        )
        self.fates[directive.pk] = self.chance.choices(("prompt", "late", "extended", "stuck"), (58, 20, 10, 12))[0]
        self._decide(AgendaItem.objects.get(pk=item.pk), AgendaStatus.DECIDED, DECIDES[kind].format(unit=unit.label))
        return True

    def day(self, today: date) -> None:
        """What units, task forces and the office do about open directives on a working day."""
        for directive in (
            Directive.objects.filter(status__in=UNFINISHED | {DirectiveStatus.DONE})
            .select_related("unit")
            .order_by("pk")
        ):
            self._step(directive, today)

    def _step(self, directive: Directive, today: date) -> None:
        unit = self.cast.who(f"reporter:{directive.unit.code}")
        age, fate = (today - directive.assigned_on).days, self.fates.get(directive.pk, "prompt")
        if directive.status == DirectiveStatus.ASSIGNED and age >= 1:
            accept_directive(by=unit, today=today, directive=directive)
        elif directive.status in {DirectiveStatus.ACCEPTED, DirectiveStatus.RETURNED}:
            self._work(directive, today, age, fate)
        elif directive.status == DirectiveStatus.FEEDBACK:
            self._review(directive, today)
        elif directive.status == DirectiveStatus.DONE and directive.done_on and (today - directive.done_on).days >= 1:
            late = directive.done_on > directive.first_due
            rating = Rating.PASS if late else self.chance.choice((Rating.EXCELLENT, Rating.GOOD, Rating.GOOD))
            rate_directive(
                by=self._other("leader", "office2", directive),
                today=today,
                directive=directive,
                rating=rating,
                text="予以销号。",
            )

    def _other(self, first: str, second: str, directive: Directive) -> Mandate:
        """The first of the two who does not belong to the unit that did the work."""
        own = directive.unit_id in self.cast.who(first).units()
        return self.cast.who(second if own else first)

    def _work(self, directive: Directive, today: date, age: int, fate: str) -> None:
        unit = self.cast.who(f"reporter:{directive.unit.code}")
        wait = {"prompt": 3, "late": 11, "extended": 9, "stuck": 999}[fate]
        if fate == "extended" and age == 5 and not directive.extensions.exists():
            wish = ask_extension(
                by=unit,
                today=today,
                directive=directive,
                new_due=directive.due + timedelta(days=7),
                reason="需等待上级部门批复。",
            )
            decide_extension(
                by=self.cast.who("leader"), today=today, extension=wish, granted=True, opinion="同意，抓紧办理。"
            )
        elif fate == "stuck" and age == 3 and directive.first_feedback_on is None:
            feed_back(
                by=unit, today=today, directive=directive, text="正在办理，涉及部门较多，尚需协调。", finished=False
            )
        elif age >= wait:
            feed_back(by=unit, today=today, directive=directive, text="已按要求办理完毕，详见报送材料。")

    def _review(self, directive: Directive, today: date) -> None:
        returned = self.chance.random() < 0.15 and not directive.steps.filter(after=DirectiveStatus.RETURNED).exists()
        text = "请补充完成时间和责任人。" if returned else "情况属实，同意办结。"
        review_directive(
            by=self._other("office2", "leader", directive),
            today=today,
            directive=directive,
            passed=not returned,
            text=text,
        )
