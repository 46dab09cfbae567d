"""Whether a network answers in the region's place, as a captive portal does until its web page has been accepted.

It cannot speak for the region in TLS; plain HTTP it answers itself, whatever was asked. The region shows one thing
over plain HTTP: the public half of what signs new versions.
"""

import http.client
from typing import Final

PORT: Final = 80
"""Of the region: its nginx shows new versions there."""
PATH: Final = "/packages/maakhoek.asc"
WAIT_S: Final = 5.0
_OURS: Final = b"-----BEGIN PGP PUBLIC KEY BLOCK-----"


def answers_for(host: str, port: int) -> bool:
    """Somebody else does, with a page of its own or by sending elsewhere. Who does not answer is nobody."""
    connection = http.client.HTTPConnection(host, port, timeout=WAIT_S)
    try:
        connection.request("GET", PATH)
        response = connection.getresponse()
        return not (response.status == http.HTTPStatus.OK and response.read(len(_OURS)) == _OURS)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
