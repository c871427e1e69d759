"""Checks common to the specifications of an index: names of fields, parameters of a method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

from yiqi.engine.errors import EngineError
from yiqi.engine.index.cells import choice, finite


def mapping(name: str, value: object) -> Mapping[str, Any]:
    """The value, if it is a mapping from names; ``option_invalid`` otherwise."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise EngineError("option_invalid", f"{name} must be an object of names, not {value!r}", {"option": name})
    return value


def flag(name: str, value: object) -> bool:
    """True or false; ``option_invalid`` for anything else."""
    if not isinstance(value, bool):
        raise EngineError("option_invalid", f"{name} must be true or false, not {value!r}", {"option": name})
    return value


def known_fields(kind: type[Any], data: Mapping[str, Any]) -> None:
    """``unknown_field`` for a name that is none, ``field_missing`` for one without default that is not there."""
    known = {item.name: item for item in fields(kind)}
    for name in data:
        if name not in known:
            text = f"{kind.__name__} has no field {name!r}; it has: {', '.join(known)}"
            raise EngineError("unknown_field", text, {"field": str(name)})
    for name, item in known.items():
        if item.default is MISSING and item.default_factory is MISSING and name not in data:
            raise EngineError("field_missing", f"{kind.__name__} needs the field {name!r}", {"field": name})


def clean(
    method: str, given: Mapping[str, Any], defaults: Mapping[str, Any], options: Mapping[str, Sequence[Any]]
) -> dict[str, Any]:
    """Parameters of a method with every default written out, numbers as floats."""
    for name in mapping(f"{method}: params", given):
        if name not in defaults:
            text = f"{method} has no parameter {name!r}; it has: {', '.join(defaults) or 'none'}"
            raise EngineError("unknown_field", text, {"method": method, "field": str(name)})
    found = {**defaults, **given}
    for name, value in found.items():
        if name in options:
            choice(f"{method}: {name}", value, options[name])
        elif isinstance(defaults[name], str):
            if not isinstance(value, str) or not value:
                text = f"{method} needs the parameter {name!r}, a name"
                raise EngineError("field_missing", text, {"method": method, "field": name})
        elif value is None:
            raise EngineError(
                "field_missing", f"{method} needs the parameter {name!r}", {"method": method, "field": name}
            )
        else:
            found[name] = finite(f"{method}: {name}", value)
    return found
