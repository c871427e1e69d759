"""Forms of the plan."""

from yiqi.plan.forms.campaigns import ActionForm, CampaignForm, GoalForm
from yiqi.plan.forms.imports import UploadForm
from yiqi.plan.forms.progress import ProgressForm
from yiqi.plan.forms.tasks import NewTaskForm, NodeForm, TaskForm

__all__ = [
    "ActionForm",
    "CampaignForm",
    "GoalForm",
    "NewTaskForm",
    "NodeForm",
    "ProgressForm",
    "TaskForm",
    "UploadForm",
]
