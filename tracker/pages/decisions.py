"""What the pages share on which an analyst decides: a reason is asked for, what was done is said, and can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import streamlit as st

from tracker import amend
from tracker.corrections import Correction
from tracker.pages import evidence, who
from tracker.serialise import now
from tracker.store import Store

#: Under this key the session keeps what was done last, until it has been said.
_SAID: Final = "decided"

_focus = st.components.v2.component(
    "strike_tracker_focus",
    js=Path(__file__).with_name("focus.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def focus(within: str, turn: str) -> None:
    """Put the cursor into the first field of a container, once for each ``turn``."""
    _focus(key=f"focus-{within}", data={"within": within, "turn": turn})


def missing(name: str, why: str, link: str | None = None) -> str | None:
    """What a decision still lacks, in words; None where it lacks nothing."""
    if not name.strip():
        return "Say who you are: your name goes into the log beside what you decide."
    if not why.strip():
        return "Say why: what you checked, and against what."
    if link and not evidence.is_web_address(link):
        return "The link is no address of the web. Write it as https://…, or leave it out."
    return None


def remember(made: Sequence[Correction]) -> None:
    """Keep what was done, to be said when the page is drawn again."""
    st.session_state[_SAID] = [each.number for each in made]


def said() -> None:
    """Say what was done last, once."""
    numbers: list[int] = st.session_state.pop(_SAID, [])
    if numbers:
        named = ", ".join(map(str, numbers))
        what = f"Correction {named} is" if len(numbers) == 1 else f"Corrections {named} are"
        st.success(
            f"{what} in force, in every total and export. The page *Corrections* lists all, and takes them back."
        )


def undo_form(store: Store, number: int, key: str) -> None:
    """Ask why a correction is taken back, and take it back."""
    form = f"undo-{key}-{number}"
    with st.form(form, border=False):
        signed = who.field(f"{form}-who")
        why = st.text_input("Why it is taken back", key=f"{form}-why", max_chars=500)
        sent = st.form_submit_button(f"Take back correction {number}")
    if not sent:
        return
    if (problem := missing(signed, why)) is not None:
        st.error(problem)
        return
    try:
        made = amend.undo(store, number, who=signed, when=now(), why=why)
    except ValueError as error:
        st.error(str(error))
        return
    who.is_me(signed)
    remember([made])
    st.rerun()
