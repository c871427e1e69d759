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
from yiqi.kit.web.deeds import answer, form_page, tell
from yiqi.plan import operations
from yiqi.plan.forms import ActionForm, CampaignForm, GoalForm
from yiqi.plan.models import Campaign
from yiqi.plan.queries import light_counts, total_of
from yiqi.plan.rules import can_manage
from yiqi.plan.views.gate import admit, campaign_of, campaigns_of, managed_campaign


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
        "demo": campaign.demo,
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
    return answer(
        request,
        form,
        lambda facts: operations.create_campaign(by=request.who, today=clock.today(), region=region, **facts),
        done=lambda campaign: (_("已建立，请继续添加目标和行动，然后启动。"), _address(campaign)),
        page=form_page(
            request, "plan/campaign_form.html", form, title=_("新建专项行动"), back=reverse("plan:show_campaign")
        ),
    )


@require_http_methods(["GET", "POST"])
def add_goal(request: WhoRequest) -> HttpResponse:
    """A further goal."""
    campaign = managed_campaign(request, clock.today())
    form = GoalForm(request.POST or None, initial={"order": campaign.goals.count() + 1})
    return answer(
        request,
        form,
        lambda facts: operations.add_goal(by=request.who, today=clock.today(), campaign=campaign, **facts),
        done=lambda goal: (_("已添加目标“%(name)s”。") % {"name": goal.name}, _address(campaign)),
        page=form_page(
            request, "plan/campaign_form.html", form, title=_("添加目标"), back=_address(campaign), campaign=campaign
        ),
    )


@require_http_methods(["GET", "POST"])
def add_action(request: WhoRequest) -> HttpResponse:
    """A further action."""
    campaign = managed_campaign(request, clock.today())
    form = ActionForm(request.POST or None, campaign=campaign, initial={"order": campaign.actions.count() + 1})
    return answer(
        request,
        form,
        lambda facts: operations.add_action(by=request.who, today=clock.today(), campaign=campaign, **facts),
        done=lambda action: (_("已添加行动“%(name)s”。") % {"name": action.name}, _address(campaign)),
        page=form_page(
            request, "plan/campaign_form.html", form, title=_("添加行动"), back=_address(campaign), campaign=campaign
        ),
    )


@require_POST
def move_campaign(request: WhoRequest, step: str) -> HttpResponse:
    """Start or end the campaign."""
    campaign = managed_campaign(request, clock.today())
    move = operations.CAMPAIGN.named(step)
    moved = move(by=request.who, today=clock.today(), campaign=campaign)
    return tell(request, move.done(moved), _address(moved))
