"""The shape of a framework file: what it must hold, of which kind, and in which length; the figures are read later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yiqi.appraisal.enums import Missing, Ties, ZeroRange
from yiqi.kit.errors import InvalidInputError

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=100)]
Figure = float | int | str | None


Code10 = Annotated[str, Field(min_length=1, max_length=10)]
Code20 = Annotated[str, Field(min_length=1, max_length=20)]
Upto20 = Annotated[str, Field(max_length=20)]
Upto40 = Annotated[str, Field(max_length=40)]
Upto150 = Annotated[str, Field(max_length=150)]
Name60 = Annotated[str, Field(min_length=1, max_length=60)]
Name80 = Annotated[str, Field(min_length=1, max_length=80)]
Name100 = Annotated[str, Field(min_length=1, max_length=100)]


class _Row(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Block(_Row):
    code: Code10
    name: Name60
    name_en: Annotated[str, Field(max_length=100)] = ""
    points: Figure
    coverage: Share = 0.6


class _Indicator(_Row):
    code: Code20
    block: str
    name: Name80
    name_en: Upto150 = ""
    aliases: list[str] = []
    unit: Upto20 = ""
    unit_en: Upto40 = ""
    direction: str = ""
    points: Figure
    rule: str
    params: dict[str, Any] = {}
    missing: Missing | str = ""
    places: Annotated[int, Field(ge=0, le=6)] = 1
    frequency: str = ""
    veto: bool = False
    veto_limit: Finite | None = None
    lead_unit: str | None = None
    annual_target: Figure = None
    source: str = ""


class _File(_Row):
    code: Code20
    name: Name100
    name_en: Upto150 = ""
    note: str = ""
    blocks: list[_Block]
    indicators: list[_Indicator]
    tier_size: Count = 6
    tier_places: Count = 6
    missing: Annotated[str, Field(pattern=f"^({'|'.join(Missing.values)})$")] = Missing.EXCLUDE.value
    ties: Annotated[str, Field(pattern=f"^({'|'.join(Ties.values)})$")] = Ties.COMPETITION.value
    zero_range: Annotated[str, Field(pattern=f"^({'|'.join(ZeroRange.values)})$")] = ZeroRange.FULL.value
    tolerance: Annotated[float, Field(ge=0, lt=1)] = 1e-9
    tie_breakers: list[str] = []
    places: Annotated[int, Field(ge=0, le=6)] = 2
    rank_rounded: bool = False


def check_file(data: Mapping[str, Any]) -> None:
    """Refuse what is no framework file.

    InvalidInputError ``framework_file`` names the place that is missing or of the wrong kind, ``duplicate_code`` a code
    that stands twice.
    """
    if not isinstance(data, Mapping):
        raise InvalidInputError(_("指标体系文件应是一个JSON对象。"), code="framework_file")
    try:
        _File.model_validate(dict(data))
    except ValidationError as error:
        raise InvalidInputError(_fault(error), code="framework_file") from None
    for rows in (data["blocks"], data["indicators"]):
        codes = [row["code"] for row in rows]
        if twice := next((code for code in codes if codes.count(code) > 1), None):
            message = _("代码“%(code)s”在指标体系中出现两次，请改正其中一个。") % {"code": twice}
            raise InvalidInputError(message, code="duplicate_code", data={"code": twice})


def _fault(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    if first["type"] == "missing":
        return _("指标体系文件缺少“%(field)s”。") % {"field": place}
    facts = {"field": place, "value": str(first["input"])[:30]}
    return _("指标体系文件中“%(field)s”的内容“%(value)s”不合要求，请按模板改正。") % facts
