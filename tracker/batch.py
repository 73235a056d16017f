"""Records → lines of JSON, in their order, in one process or in several.

One line a report: ``{"id", "claims", "strikes", "errors"}``. Whatever the number of processes, the bytes are the
same, and no more than a few reports for each process are held at a time.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice

from tracker.ingest import Received, Record, mistake_of_ours
from tracker.lexicon import LexiconError
from tracker.models import Policy, ReadingError, VaguePolicy
from tracker.serialise import claim_to_dict, strike_to_dict, to_json

#: Reports are handed to a process by the handful, so that handing over costs little beside reading.
_HANDFUL = 16
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record: its line (None where not even an id is known), what went wrong, its size in bytes."""

    line: str | None
    error: ReadingError | None
    size: int
    undated: bool = False


def read_all(
    records: Iterable[Record],
    *,
    policy: Policy = Policy.LATEST,
    vague: VaguePolicy = VaguePolicy.LITERAL,
    jobs: int = 1,
) -> Iterator[Outcome]:
    """An Outcome for each record, in the order of the records."""
    if jobs <= 1:
        for record in records:
            yield read_one(record, policy, vague)
        return
    rest = iter(records)
    pending: deque[Future[list[Outcome]]] = deque()
    # A fresh interpreter each: a fork of a process with threads may hang.
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        while True:
            while len(pending) < jobs * _AHEAD and (handful := list(islice(rest, _HANDFUL))):
                pending.append(pool.submit(_read_handful, handful, policy, vague))
            if not pending:
                return
            yield from pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _read_handful(records: list[Record], policy: Policy, vague: VaguePolicy) -> list[Outcome]:
    return [read_one(record, policy, vague) for record in records]


def read_one(record: Record, policy: Policy, vague: VaguePolicy) -> Outcome:
    """The line of one record; a mistake of ours becomes the error of its report.

    Raises LexiconError where the installation lacks data.
    """
    from tracker.extract import extract
    from tracker.reconcile import reconcile

    size = len(record.raw)
    if not isinstance(record, Received):
        report_id = record.error.report_id
        line = None if report_id is None else _line(report_id, errors=[str(record.error)])
        return Outcome(line, record.error, size)
    try:
        claims = extract(record.report)
        strikes = reconcile(claims, policy=policy, vague=vague)
        line = _line(
            record.report.id,
            claims=[claim_to_dict(claim) for claim in claims],
            strikes=[strike_to_dict(strike) for strike in strikes],
        )
    except LexiconError:  # the installation lacks something: no report can be read
        raise
    except Exception as bug:  # one report must not stop the others; the message says whose mistake it is
        error = mistake_of_ours(record, bug)
        return Outcome(_line(record.report.id, errors=[str(error)]), error, size)
    return Outcome(line, None, size, undated=record.report.published is None)


def _line(
    report_id: str,
    *,
    claims: list[dict[str, object]] | None = None,
    strikes: list[dict[str, object]] | None = None,
    errors: list[str] | None = None,
) -> str:
    return to_json({"id": report_id, "claims": claims or [], "strikes": strikes or [], "errors": errors or []})
