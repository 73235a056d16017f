"""Blind checks on the page: what the last one found, a sheet to mark, and the marked sheet taken back."""

from __future__ import annotations

import datetime as dt
import functools
import secrets
from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from tracker.blind import Check, Scored
from tracker.marksheet import HOW_TO_MARK, MOST_BYTES, SheetError, SheetRow, read_sheet, to_csv, to_excel
from tracker.pages import who, words
from tracker.pages.view import View
from tracker.sampling import SEEDS
from tracker.serialise import now, visible
from tracker.store import StoreError

_SIZES: Final = (50, 100, 200, 500)
_KINDS: Final[dict[str, tuple[str, str, Callable[[Sequence[SheetRow]], bytes]]]] = {
    "Excel": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_excel),
    "CSV": ("csv", "text/csv", to_csv),
}
#: Rows left out of a check that are named one by one.
_MOST_NAMED: Final = 10


def panel(view: View) -> None:
    """The last check, and what a person needs to make another."""
    st.subheader("Checked by hand on your own reports", anchor=False)
    last = st.container()
    with st.expander("Check it by hand: draw claims at random, mark them, bring the sheet back", expanded=False):
        _sheet_to_mark(view)
        _marked_sheet(view)
    # Drawn last, so that a sheet that has just come in shows at once.
    with last:
        _last_check(view.snapshot.shelf.last_check())


def _last_check(check: Check | None) -> None:
    if check is None:
        st.markdown(
            "Not checked yet. `tracker sample 100` draws claims at random for a person to mark; so does what is below."
        )
        return
    by = f" by {visible(check.who)}" if check.who else ""
    drawn = sum(each.drawn for each in check.strata)
    st.text(
        f"Check {check.number} of {words.day(check.made.date())}{by}, with Strike Tracker {check.version}: "
        f"{drawn:,} drawn at random of {words.plural(check.claims, 'claim')} that the database held then. "
        "How often what is claimed is right, with the 95 % interval; not how much was missed."
    )
    columns = ["Measure", "Claims", "Figure right", "Circumstances right"]
    rows = [(words.label(name), *cells) for name, *cells in check.rows()]
    st.table(pd.DataFrame(rows, columns=columns).set_index("Measure"))
    for note in check.notes():
        st.caption(note)


def _sheet_to_mark(view: View) -> None:
    wanted = st.selectbox("Claims to draw", _SIZES, index=1, key="check_size")
    today = dt.datetime.now(dt.UTC).date()
    for column, (name, (extension, media, make)) in zip(st.columns(len(_KINDS)), _KINDS.items(), strict=True):
        column.download_button(
            f"Draw a sheet ({name})",
            data=functools.partial(_drawn, view, wanted, make),
            file_name=f"sample-{today.isoformat()}.{extension}",
            mime=media,
            key=f"check-{extension}",
            on_click="ignore",
            width="stretch",
        )
    st.markdown("\n".join(f"- {line}" for line in HOW_TO_MARK[:-1]))


def _drawn(view: View, wanted: int, make: Callable[[Sequence[SheetRow]], bytes]) -> bytes:
    return make(view.snapshot.shelf.draw(wanted, secrets.randbelow(SEEDS)))


def _marked_sheet(view: View) -> None:
    with st.form("check", border=False):
        sheet = st.file_uploader(
            "The marked sheet",
            type=["xlsx", "csv", "tsv", "txt"],
            max_upload_size=MOST_BYTES // 1_000_000,
            key="check_sheet",
        )
        marker = st.text_input("Marked by (may stay empty)", value=who.name(), max_chars=100, key="check_who")
        sent = st.form_submit_button("Score and keep")
    if not sent:
        return
    if sheet is None:
        st.warning("Choose the marked sheet first.")
        return
    try:
        found = view.snapshot.shelf.score(read_sheet(sheet.getvalue()), marker, now())
    except SheetError as error:
        _refused("The sheet cannot be scored.", error.problems)
    except StoreError as error:
        _refused("The check cannot be kept.", [str(error)])
    else:
        _kept(found)


def _refused(what: str, why: Sequence[str]) -> None:
    st.error(what)
    for problem in why:
        st.text(visible(problem))


def _kept(found: Scored) -> None:
    number = found.check.number
    if found.added:
        st.success(f"Kept as check {number}.")
    else:
        st.info(f"These marks were kept before, as check {number}; nothing was added.")
    for each in found.gone[:_MOST_NAMED]:
        st.text(f"Row {each.row} is left out: of claim {each.claim_id}, {each.why}.")
    if len(found.gone) > _MOST_NAMED:
        st.text(f"And {len(found.gone) - _MOST_NAMED:,} more rows are left out.")
