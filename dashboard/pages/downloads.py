"""Answers that are files."""

from typing import Any, Final

from django.http import HttpResponse

UNUSABLE: Final = 400


def csv_answer(name: str, content: bytes) -> HttpResponse:
    """A file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def refused(why: Any) -> HttpResponse:
    """Instead of a file."""
    return HttpResponse(str(why), status=UNUSABLE, content_type="text/plain; charset=utf-8")
