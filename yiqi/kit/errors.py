"""Errors that a person may see: a stable code, an HTTP status, a message in the reader's language, and data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

from yiqi.kit.wording import nested


class YiqiError(Exception):
    """Root of all expected errors.

    ``code`` is stable and in English; ``message`` may be a lazy translation and says what is wrong, where, and what
    to do; ``data`` holds plain JSON values for the API and the command line.
    """

    code = "error"
    status = 400

    def __init__(self, message: str | Promise, *, code: str | None = None, data: Mapping[str, Any] | None = None):
        super().__init__(message)
        self.message = message
        self.data: dict[str, Any] = dict(data or {})
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return nested(self.message)


class InvalidInputError(YiqiError):
    """What was typed or uploaded cannot be used."""

    code = "invalid"
    status = 422


class NotAllowedError(YiqiError):
    """The person may see the thing, but not do this to it."""

    code = "not_allowed"
    status = 403


class NotFoundError(YiqiError):
    """The thing does not exist, or is outside of what the person may see: the two are told apart nowhere."""

    code = "not_found"
    status = 404


class ConflictError(YiqiError):
    """The record changed meanwhile, or its state does not allow the step."""

    code = "conflict"
    status = 409


class FileRefusedError(InvalidInputError):
    """An uploaded file is empty, too large, locked, broken, or of a kind that is not accepted."""

    code = "file_refused"
