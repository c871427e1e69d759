"""Specifications: frozen dataclasses that are read from plain JSON values and written as such."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, ClassVar, TypeVar

from yiqi.engine.ground.checks import mapping
from yiqi.engine.ground.errors import EngineError

Made = TypeVar("Made", bound="Spec")


class Spec:
    """What every specification can do. A subclass is a frozen dataclass that checks itself when it is made."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values with every default written out; ``from_dict`` reads them back."""
        return {item.name: plain(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def from_dict(cls: type[Made], data: Mapping[str, Any]) -> Made:
        """The inverse of ``to_dict``; left-out fields take their defaults. Errors: ``unknown_field``,
        ``field_missing``, and those of the specification."""
        _known_fields(cls, data)
        return cls(**data)

    def _set(self, **values: Any) -> None:
        """Write checked values over those given; only while the specification is made."""
        for name, value in values.items():
            object.__setattr__(self, name, value)


def _known_fields(kind: type[Spec], data: Mapping[str, Any]) -> None:
    known = {item.name: item for item in fields(kind)}
    for name in data:
        if name not in known:
            text = f"{kind.__name__} has no field {name!r}; it has: {', '.join(known)}"
            raise EngineError("unknown_field", text, {"field": str(name)})
    for name, item in known.items():
        if item.default is MISSING and item.default_factory is MISSING and name not in data:
            raise EngineError("field_missing", f"{kind.__name__} needs the field {name!r}", {"field": name})


def spec_of(kind: type[Made], given: Any) -> Made:
    """The specification itself, or the one that a mapping describes; ``option_invalid`` for anything else."""
    if isinstance(given, kind):
        return given
    if not isinstance(given, Mapping):
        text = f"{kind.__name__} must be an object with fields, not {given!r}"
        raise EngineError("option_invalid", text, {"option": kind.__name__})
    return kind.from_dict(given)


def specs_of(kind: type[Made], name: str, given: Any) -> dict[str, Made]:
    """``spec_of`` for each value of a mapping from names."""
    return {code: spec_of(kind, spec) for code, spec in mapping(name, given).items()}


def plain(value: Any) -> Any:
    """JSON values of a specification, however nested."""
    if isinstance(value, Spec):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def canonical(value: Any) -> bytes:
    """One form of bytes for equal JSON values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
