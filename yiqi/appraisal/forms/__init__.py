"""Forms of the appraisal."""

from yiqi.appraisal.forms.figures import ObservationForm, SupportForm, TargetForm
from yiqi.appraisal.forms.leagues import LeagueUploadForm, MappingForm
from yiqi.appraisal.forms.rounds import RunRoundForm

__all__ = ["LeagueUploadForm", "MappingForm", "ObservationForm", "RunRoundForm", "SupportForm", "TargetForm"]
