"""Files that were uploaded to be imported."""

from __future__ import annotations

from django.db.models import QuerySet

from yiqi.core.enums import Role
from yiqi.core.models import Upload
from yiqi.core.queries.mandates import within
from yiqi.core.rules import Mandate
from yiqi.kit.records import missing


def uploads_for(who: Mandate, kind: str) -> QuerySet[Upload]:
    """Uploads of a kind in the regions whose office the person works in, newest first."""
    seen = Upload.objects.filter(within("region__code", who.prefixes(Role.OFFICE)), kind=kind)
    return seen.select_related("uploaded_by")


def upload_for(who: Mandate, kind: str, number: int) -> Upload:
    """One of them by the number in its address; NotFoundError otherwise."""
    found = uploads_for(who, kind).filter(number=number).first()
    if found is None:
        raise missing()
    return found
