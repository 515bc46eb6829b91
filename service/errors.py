"""What the service refuses, and the HTTP status each refusal has.

ServiceError
  BadRequest 400        a parameter that cannot be understood (``parameter=`` names it)
  Unauthorised 401      no or unknown credentials
  Forbidden 403         known, but the role does not allow it
  NotFound 404          no such feature, version, upload, changeset …
  NotAcceptable 406     no representation the client accepts
  Conflict 409          the state forbids it now (stale version, wrong status)
  PreconditionFailed 412  If-Match does not hold
  TooLarge 413          body, feature count or picture beyond the limit
  UnsupportedMedia 415  a format that we do not read
  Unprocessable 422     understood, but wrong (problems are listed)
  TooManyRequests 429
  StoreUnavailable 503  the store does not answer (driver text is logged, not shown)
"""

from __future__ import annotations

from geo.errors import BilingualError, GeoError
from layers.errors import LayerError, UnknownLayer


class ServiceError(BilingualError):
    """Base of the service's own refusals."""


class BadRequest(ServiceError):
    pass


class Unauthorised(ServiceError):
    pass


class Forbidden(ServiceError):
    pass


class NotFound(ServiceError):
    pass


class NotAcceptable(ServiceError):
    pass


class Conflict(ServiceError):
    pass


class PreconditionFailed(ServiceError):
    pass


class TooLarge(ServiceError):
    pass


class UnsupportedMedia(ServiceError):
    pass


class Unprocessable(ServiceError):
    pass


class TooManyRequests(ServiceError):
    pass


class StoreUnavailable(ServiceError):
    pass


#: Most specific class first; the first match decides.
STATUS_BY_ERROR: tuple[tuple[type[BilingualError], int], ...] = (
    (BadRequest, 400),
    (Unauthorised, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (UnknownLayer, 404),
    (NotAcceptable, 406),
    (Conflict, 409),
    (PreconditionFailed, 412),
    (TooLarge, 413),
    (UnsupportedMedia, 415),
    (Unprocessable, 422),
    (TooManyRequests, 429),
    (StoreUnavailable, 503),
    (GeoError, 400),
    (LayerError, 400),
)


def status_of(error: BilingualError) -> int:
    """The HTTP status of an error of any room."""
    return next(
        (status for kind, status in STATUS_BY_ERROR if isinstance(error, kind)), 400
    )
