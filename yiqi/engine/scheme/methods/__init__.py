"""The registry of methods: one file a method, which holds all that anybody needs to know of it.

A rule gives points to a cell of an appraisal (``RULES``), a scale brings a column of an index to a common measure
(``SCALES``), a mean adds up the children of an aggregate (``MEANS``). Every module of this folder is loaded here and
its methods enter themselves, so a new method is a new file.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from yiqi.engine.scheme.methods.mean import MEANS, Mean
from yiqi.engine.scheme.methods.rule import RULES, Parameter, Part, Rule
from yiqi.engine.scheme.methods.scale import SCALES, Scale

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["MEANS", "RULES", "SCALES", "Mean", "Parameter", "Part", "Rule", "Scale"]
