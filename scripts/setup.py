"""Make this checkout runnable with nothing but Python 3.11: ``make run``'s first half.

    python3 scripts/setup.py          what the service needs
    python3 scripts/setup.py test     and what the tests need

Standard library only. A step whose inputs have not changed since it last succeeded
is skipped, so a repeated call costs a fraction of a second.
"""

import os
import shutil
import sys

MINIMUM = (3, 11)


def find_python() -> None:
    """Hand over to a newer interpreter if this one is too old."""
    if sys.version_info >= MINIMUM:
        return
    for minor in range(20, MINIMUM[1] - 1, -1):
        path = shutil.which("python3.%d" % minor)  # noqa: UP031
        if path:
            os.execv(path, [path, *sys.argv])
    sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])


def main() -> None:
    """Bring what is missing, step by step."""
    from environment import SetupFailed
    from steps import bring_up_to_date

    try:
        bring_up_to_date(test="test" in sys.argv[1:])
    except SetupFailed as error:
        sys.exit("Set-up stopped. %s" % error)  # noqa: UP031


if __name__ == "__main__":
    find_python()
    main()
