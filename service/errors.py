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
  PreconditionRequired 428  a write without If-Match
  TooManyRequests 429
  NobodyWaits 499       the client has gone: what is left of the work is not done
  StoreUnavailable 503  the store does not answer (driver text is logged, not shown)
  InsufficientStorage 507  the disk is full (nothing has been changed)
  LoginUnavailable 503  the OpenID provider does not answer
"""

from __future__ import annotations

from geo.errors import BilingualError, GeoError
from layers.errors import LayerError, UnknownLayer


class ServiceError(BilingualError):
    """Base of the service's own refusals."""


class BadRequest(ServiceError):
    """A parameter that cannot be understood; it is named."""


class Unauthorised(ServiceError):
    """No credentials, or ones that do not hold."""


class Forbidden(ServiceError):
    """Known, but the role or scope does not allow it."""


class NotFound(ServiceError):
    """No such feature, version, upload or changeset."""


class NotAcceptable(ServiceError):
    """No representation that the client accepts."""


class Conflict(ServiceError):
    """The state of things forbids it now."""


class PreconditionFailed(ServiceError):
    """If-Match does not hold any more."""


class TooLarge(ServiceError):
    """A body, feature count or picture beyond the limit."""


class UnsupportedMedia(ServiceError):
    """A format that is not read here."""


class Unprocessable(ServiceError):
    """Understood, but wrong; the findings are listed."""


class PreconditionRequired(ServiceError):
    """A write that does not say which state it has seen."""


class TooManyRequests(ServiceError):
    """Slow down; Retry-After says how long."""


class NobodyWaits(ServiceError):
    """The client has gone; nobody reads this but the log."""


class StoreUnavailable(ServiceError):
    """The store does not answer; the details are in the log."""


class InsufficientStorage(StoreUnavailable):
    """No room to write; nothing has been changed."""


class LoginUnavailable(ServiceError):
    """The OpenID provider does not answer as it should."""


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
    (PreconditionRequired, 428),
    (TooManyRequests, 429),
    (NobodyWaits, 499),
    (InsufficientStorage, 507),
    (StoreUnavailable, 503),
    (LoginUnavailable, 503),
    (GeoError, 400),
    (LayerError, 400),
)


def status_of(error: BilingualError) -> int:
    """The HTTP status of an error of any room."""
    return status_of_kind(type(error))


def status_of_kind(sort: type[BilingualError]) -> int:
    """The same of a class of errors."""
    return next(
        (status for kind, status in STATUS_BY_ERROR if issubclass(sort, kind)), 400
    )
