"""Forms of dispatch."""

from yiqi.dispatch.forms.directives import ExtensionAnswerForm, ExtensionForm, GiveForm
from yiqi.dispatch.forms.forces import ForceForm
from yiqi.dispatch.forms.reports import DraftForm, ReportForm
from yiqi.dispatch.forms.weeks import AddItemForm, DecisionForm, OpenForm

__all__ = [
    "AddItemForm",
    "DecisionForm",
    "DraftForm",
    "ExtensionAnswerForm",
    "ExtensionForm",
    "ForceForm",
    "GiveForm",
    "OpenForm",
    "ReportForm",
]
