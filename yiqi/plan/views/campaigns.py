"""The campaign: its goals, its actions, its beginning and end."""

from __future__ import annotations

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError
from yiqi.plan import operations
from yiqi.plan.enums import CampaignStatus
from yiqi.plan.forms import ActionForm, CampaignForm, GoalForm
from yiqi.plan.models import Campaign
from yiqi.plan.queries import light_counts, total_of
from yiqi.plan.rules import can_manage
from yiqi.plan.views.gate import admit, campaign_of, campaigns_of, done, form_page, managed_campaign, missing


def _address(campaign: Campaign) -> str:
    return f"{reverse('plan:show_campaign')}?campaign={campaign.code}"


@require_GET
def show_campaign(request: WhoRequest) -> HttpResponse:
    """Goals, and actions with their tasks by light."""
    today = clock.today()
    campaign = campaign_of(request, today)
    if campaign is None:
        home = request.who.home
        may_create = home is not None and can_manage(request.who, home.code)
        return render(request, "plan/no_campaign.html", {"may_create": may_create})
    prefetch_related_objects([campaign], "actions__goals")
    counts = light_counts(request.who, campaign, today)
    context = {
        "campaign": campaign,
        "campaigns": campaigns_of(request),
        "rows": [(count, count.action) for count in counts],
        "total": total_of(counts),
        "goals": list(campaign.goals.all()),
        "may_manage": can_manage(request.who, campaign.region_id),
        "demo_data": campaign.demo,
    }
    return render(request, "plan/campaign.html", context)


@require_http_methods(["GET", "POST"])
def create_campaign(request: WhoRequest) -> HttpResponse:
    """A new campaign of the person's own county."""
    admit(request)
    region = request.who.home
    if region is None or not can_manage(request.who, region.code):
        raise NotAllowedError(_("专项行动由考核督查人员设立。"))
    form = CampaignForm(request.POST or None, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        facts = said | {"by": request.who, "today": clock.today(), "region": region}
        if campaign := form.run(lambda: operations.create_campaign(**facts)):
            return done(request, _("已建立，请继续添加目标和行动，然后启动。"), _address(campaign))
    context = {"title": _("新建专项行动"), "back": reverse("plan:show_campaign")}
    return form_page(request, "plan/campaign_form.html", form, context)


@require_http_methods(["GET", "POST"])
def add_goal(request: WhoRequest) -> HttpResponse:
    """A further goal."""
    campaign = managed_campaign(request, clock.today())
    form = GoalForm(request.POST or None, initial={"order": campaign.goals.count() + 1})
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        facts = said | {"by": request.who, "today": clock.today(), "campaign": campaign}
        if goal := form.run(lambda: operations.add_goal(**facts)):
            return done(request, _("已添加目标“%(name)s”。") % {"name": goal.name}, _address(campaign))
    context = {"title": _("添加目标"), "back": _address(campaign), "campaign": campaign}
    return form_page(request, "plan/campaign_form.html", form, context)


@require_http_methods(["GET", "POST"])
def add_action(request: WhoRequest) -> HttpResponse:
    """A further action."""
    campaign = managed_campaign(request, clock.today())
    form = ActionForm(request.POST or None, campaign=campaign, initial={"order": campaign.actions.count() + 1})
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        facts = said | {"by": request.who, "today": clock.today(), "campaign": campaign}
        if action := form.run(lambda: operations.add_action(**facts)):
            return done(request, _("已添加行动“%(name)s”。") % {"name": action.name}, _address(campaign))
    context = {"title": _("添加行动"), "back": _address(campaign), "campaign": campaign}
    return form_page(request, "plan/campaign_form.html", form, context)


@require_POST
def move_campaign(request: WhoRequest, step: str) -> HttpResponse:
    """Start or end the campaign."""
    campaign = managed_campaign(request, clock.today())
    verbs = {"activate": operations.activate_campaign, "close": operations.close_campaign}
    if step not in verbs:
        raise missing()
    moved = verbs[step](by=request.who, today=clock.today(), campaign=campaign)
    status = CampaignStatus(moved.status).label
    message = _("“%(name)s”现在是“%(status)s”。") % {"name": campaign.name, "status": status}
    return done(request, message, _address(campaign))
