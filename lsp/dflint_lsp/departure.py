"""Clients that leave without a word, which is no error of ours."""

from __future__ import annotations

import logging

_GONE = (BrokenPipeError, ConnectionResetError, ConnectionAbortedError)


def is_departure(error: BaseException | None) -> bool:
    """Whether something went wrong because nobody listens any more."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, _GONE):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


class QuietDepartures(logging.Filter):
    """Lets pass what is logged of anything but a client that has gone."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is to be written."""
        info = record.exc_info
        return not (isinstance(info, tuple) and is_departure(info[1]))
