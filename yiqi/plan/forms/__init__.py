"""Forms of the plan: each runs one operation and keeps what was typed when it is refused."""

from yiqi.plan.forms.base import PlanForm, WhyForm
from yiqi.plan.forms.campaigns import ActionForm, CampaignForm, GoalForm
from yiqi.plan.forms.imports import UploadForm
from yiqi.plan.forms.progress import ProgressForm, ReviewForm
from yiqi.plan.forms.tasks import NewTaskForm, NodeForm, TaskForm

__all__ = [
    "ActionForm",
    "CampaignForm",
    "GoalForm",
    "NewTaskForm",
    "NodeForm",
    "PlanForm",
    "ProgressForm",
    "ReviewForm",
    "TaskForm",
    "UploadForm",
    "WhyForm",
]
