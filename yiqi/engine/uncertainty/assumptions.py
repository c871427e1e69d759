"""Uncertain choices of method, and one list of all that is uncertain about an index, to and from JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.spec import Spec, plain
from yiqi.engine.scheme.index import Steps
from yiqi.engine.uncertainty.noise import ValueNoise, WeightNoise


@dataclass(frozen=True)
class Alternatives(Spec):
    """One part of the steps takes any of the ``options``, each as likely as the other.

    ``path`` leads to the part by dots (``"normalise"``, ``"treat.winmax"``, ``"aggregate"``); an option is the value
    that stands there in ``Steps.to_dict`` (a specification, a number, text, None).
    Errors: ``no_options``, ``code_missing``; ``unknown_field`` when the path leads nowhere.
    """

    name: str
    path: str
    options: tuple[Any, ...]

    def __post_init__(self) -> None:
        self._set(options=tuple(plain(option) for option in self.options))
        if not self.name or not self.path:
            raise EngineError(
                "code_missing", f"alternatives need a name and a path: {self!r}", {"kind": "alternatives"}
            )
        if not self.options:
            raise EngineError("no_options", f"alternatives {self.name!r} have no options", {"alternatives": self.name})

    def option_at(self, uniform: float) -> int:
        """Which option a number of [0, 1) stands for: [0, 1/k) the first, and so on over the whole of [0, 1)."""
        return min(int(uniform * len(self.options)), len(self.options) - 1)


Assumption = Alternatives | WeightNoise | ValueNoise


def changed(steps: Steps, changes: Mapping[str, Any]) -> Steps:
    """The steps with other values at some paths, checked anew. Errors: ``unknown_field`` and those of ``Steps``."""
    found = steps.to_dict()
    for path, value in changes.items():
        *way, last = path.split(".")
        inside = found
        for name in way:
            inside = _step(inside, name, path)
        _step(inside, last, path, whole=True)
        inside[last] = value
    return Steps.from_dict(found)


def _step(inside: Any, name: str, path: str, *, whole: bool = False) -> Any:
    if not isinstance(inside, dict) or name not in inside:
        text = f"the plan has no {path!r}: {name!r} is not there"
        raise EngineError("unknown_field", text, {"field": path})
    found = inside[name]
    if not whole and not isinstance(found, dict):
        text = f"the plan has nothing below {name!r} on the way to {path!r}; set that step in the plan first"
        raise EngineError("unknown_field", text, {"field": path})
    return found


_KINDS: Mapping[str, type[Any]] = {"alternatives": Alternatives, "weights": WeightNoise, "values": ValueNoise}


def assumptions_to_list(assumptions: Sequence[Assumption]) -> list[dict[str, Any]]:
    """Plain JSON values: each with its ``kind`` (``alternatives``, ``weights``, ``values``)."""
    kinds = {kind: name for name, kind in _KINDS.items()}
    return [{"kind": kinds[type(one)], **one.to_dict()} for one in assumptions]


def assumptions_from_list(given: Any) -> tuple[Assumption, ...]:
    """The inverse. Errors: ``option_invalid``, ``unknown_option`` (kind), ``unknown_field``."""
    if not isinstance(given, list):
        raise EngineError("option_invalid", f"assumptions must be a list, not {given!r}", {"option": "assumptions"})
    return tuple(_read(one) for one in given)


def _read(given: Any) -> Assumption:
    if not isinstance(given, Mapping) or given.get("kind") not in _KINDS:
        text = f"an assumption needs a kind out of {', '.join(_KINDS)}: {given!r}"
        raise EngineError("unknown_option", text, {"option": "kind"})
    rest = {str(name): value for name, value in given.items() if name != "kind"}
    kind = _KINDS[given["kind"]]
    if kind is Alternatives and not isinstance(rest.get("options"), list):
        raise EngineError("no_options", f"alternatives need a list of options: {given!r}")
    made: Assumption = kind.from_dict(rest)
    return made
