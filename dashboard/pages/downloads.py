"""Answers that are files."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation

UNUSABLE: Final = 400
PIECE_BYTES: Final = 16 * 1024
_CSV: Final = "text/csv; charset=utf-8"


def csv_answer(name: str, content: bytes) -> HttpResponse:
    """A file to keep."""
    return HttpResponse(content, content_type=_CSV, headers=_kept_as(name))


def long_csv_answer(name: str, lines: Iterator[bytes]) -> StreamingHttpResponse:
    """A file of any length: more is read from the database when the browser has taken what came before."""
    pieces = _pieces(lines, translation.get_language())
    return StreamingHttpResponse(pieces, content_type=_CSV, headers=_kept_as(name))


def refused(why: Any) -> HttpResponse:
    """Instead of a file."""
    return HttpResponse(str(why), status=UNUSABLE, content_type="text/plain; charset=utf-8")


async def _pieces(lines: Iterator[bytes], language: str | None) -> AsyncIterator[bytes]:
    """On the request's own thread, where its connection to the database is."""

    def piece() -> bytes:
        taken = bytearray()
        with translation.override(language):
            for line in lines:
                taken += line
                if len(taken) >= PIECE_BYTES:
                    break
        return bytes(taken)

    while taken := await sync_to_async(piece)():
        yield taken


def _kept_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
