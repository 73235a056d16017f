"""Review: what a person should look at, one at a time; accepted, corrected, rejected, merged or split with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from tracker import amend, audit, review
from tracker.corrections import Action, Change
from tracker.doubts import Doubt
from tracker.models import Claim, stable_id
from tracker.pages import (
    add_words,
    claims_table,
    data,
    decisions,
    doubt_words,
    evidence,
    filters,
    mending,
    others,
    papers,
    tables,
    who,
    words,
)
from tracker.pages.view import View
from tracker.serialise import now, visible
from tracker.store import Dossier, Store

#: Rows of the queue that are sent to the browser; those behind them move up.
MOST_ROWS: Final = 200
#: The columns of the queue, and how wide they are in pixels.
_WIDTHS: Final = {"Strike": 230, "When": 90, "Why": 250, "May move": 160}
#: What the session keeps: which line is open and where it stood, the strike as it was shown, what is being done with
#: it, and a number that counts the lines opened, so that each has fields of its own.
_OPEN, _AT, _LINKED, _SHOWN, _DOING, _TURN = (
    f"review_{name}" for name in ("open", "at", "linked", "shown", "doing", "turn")
)

#: Each action: its button, its key (C and R belong to Streamlit), and what its form is called.
ACTIONS: Final[dict[Action, tuple[str, str, str]]] = {
    Action.ACCEPT: ("Accept", "a", "Accept as it stands"),
    Action.FIGURE: ("Correct", "e", "Correct what was read"),
    Action.REJECT: ("Reject", "x", "Reject claims"),
    Action.MERGE: ("Merge", "m", "Make one strike of two"),
    Action.SPLIT: ("Split", "s", "Make claims a strike of their own"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue: a doubtful strike, or a correction that is lost (then ``lost`` is its line of the log)."""

    key: str
    item: review.Item | None = None
    lost: audit.Line | None = None


def page(view: View) -> None:
    """Draw the page."""
    store = data.shown_store()
    st.caption(
        "What a person should look at before the figures are passed on, the weightiest first. A doubt is no error, and "
        "nothing is left out of sums for it."
    )
    decisions.said()
    with st.container(horizontal=True):
        named = st.multiselect(
            "Kind of doubt",
            list(doubt_words.NAMES.values()),
            key="doubt",
            bind="query-params",
            placeholder="All kinds of doubt",
            label_visibility="collapsed",
        )
        who.signature()
    rows = _rows(view, store, [doubt for doubt, name in doubt_words.NAMES.items() if name in named])
    opened = _opened([row.key for row in rows])
    if opened is None:
        st.success("Nothing is left to review in this selection.")
        return
    _listing(view, rows, opened)
    # What the filters leave out may be open by its address; its doubts are the same.
    row = next((one for one in rows if one.key == opened), None) or Row(opened, review.item_of(store, opened))
    if row.lost is not None:
        _lost_panel(store, row.lost)
    else:
        _strike_panel(view, store, row, [one.key for one in rows])


# -- the queue -------------------------------------------------------------------------------------------------


def _rows(view: View, store: Store, kinds: Sequence[Doubt]) -> list[Row]:
    """The queue within the filters: corrections that are lost, then doubtful strikes."""
    snapshot = view.snapshot
    if "review" not in snapshot.memo:
        gone = (amend.State.LOST, amend.State.PARTLY_LOST)
        lost = [line for line in audit.lines(amend.log(store)) if line.state in gone]
        snapshot.memo["review"] = (lost, review.queue(store))
    lost, items = snapshot.memo["review"]
    if view.filters.narrows:
        within = set(snapshot.table["strike_id"].iloc[view.positions()])
        items = [item for item in items if item.strike_id in within]
    if kinds:
        items = [item for item in items if any(flag.doubt in kinds for flag in item.flags)]
        lost = []
    return [*(Row(f"#{line.correction.number}", lost=line) for line in lost), *(Row(i.strike_id, i) for i in items)]


def _opened(keys: Sequence[str]) -> str | None:
    """The key of the line that is open: what the analyst or the address chose, or what follows what was dealt with."""
    state, linked = st.session_state, st.query_params.get(filters.STRIKE)
    if linked and state.get(_LINKED) != linked:
        state[_LINKED] = linked
        _open(linked)
    elif state.get(_OPEN) not in keys and not state.get(_DOING) and (not linked or state.get(_OPEN) != linked):
        # What somebody is working on stays open, even where another has dealt with it meanwhile.
        _open(keys[min(state.get(_AT, 0), len(keys) - 1)] if keys else None)
    opened: str | None = state.get(_OPEN)
    if opened in keys:
        state[_AT] = keys.index(opened)
    return opened


def _open(key: str | None) -> None:
    """Turn to another line; what was begun for the one before is dropped."""
    state = st.session_state
    state[_OPEN] = key
    state[_TURN] = _turn() + 1
    if key != st.query_params.get(filters.STRIKE):
        st.query_params.pop(filters.STRIKE, None)
    for name in (_SHOWN, _DOING):
        state.pop(name, None)
    others.forget()


def _turn() -> int:
    return int(st.session_state.get(_TURN, 0))


def _listing(view: View, rows: Sequence[Row], opened: str) -> None:
    """The queue as a table; choosing a row opens it."""
    first = f", the first {MOST_ROWS} shown" if len(rows) > MOST_ROWS else ""
    st.markdown(f"**To review** · {words.plural(len(rows), 'row')}{first}")
    if not rows:
        return
    shown = list(rows[:MOST_ROWS])
    keys = [row.key for row in shown]
    text = st.column_config.TextColumn
    event: Any = st.dataframe(
        _frame(view, shown),
        hide_index=True,
        column_config={name: text(width=width) for name, width in _WIDTHS.items()},
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [keys.index(opened)] if opened in keys else []}},
        height=min(38 + 35 * len(keys), 213),
        placeholder="–",
        # Another set of rows is another table: a row number chosen in one means nothing in the next.
        key=f"review-{_turn()}-{stable_id(*keys)}",
        alt="What is to be reviewed, one a row",
    )
    picked = event.selection.rows
    if picked and picked[0] < len(keys) and keys[picked[0]] != opened:
        _open(keys[picked[0]])
        st.rerun()


def _frame(view: View, rows: Sequence[Row]) -> pd.DataFrame:
    found = view.snapshot.rows_of([row.item.strike_id for row in rows if row.item is not None])
    places = {one.strike_id: one for one in tables.neighbours(found)}
    cells: list[tuple[str | None, ...]] = []
    for row in rows:
        if row.item is None:
            cells.append((f"Correction {row.key[1:]}", None, doubt_words.LOST, None))
            continue
        place = places.get(row.item.strike_id)
        where = (visible(place.place), place.days) if place else (None, None)
        kinds = ", ".join(dict.fromkeys(doubt_words.NAMES[flag.doubt] for flag in row.item.flags))
        cells.append((*where, kinds, doubt_words.moves(row.item.moves)))
    return pd.DataFrame(cells, columns=list(_WIDTHS)).astype("string")


# -- one strike ------------------------------------------------------------------------------------------------


def _strike_panel(view: View, store: Store, row: Row, keys: Sequence[str]) -> None:
    """Why a strike is doubtful, what can be done, and the sentences behind it."""
    state, now = st.session_state, data.dossier(view.snapshot, row.key)
    shown: Dossier | None = state.setdefault(_SHOWN, now)
    if shown is None:
        st.info("This strike is not there, or not any more: its reports or their corrections have changed.")
        return
    current = now or shown
    with st.container(border=True, key="review_item"):
        st.html(evidence.head_html(current.strike, None, corrections=current.corrections, desk=True))
        if row.item is None:
            st.caption("Nothing about this strike is in doubt, or somebody has accepted it.")
        else:
            reasons = "".join(f"<li>{words.text(doubt_words.sentence(flag))}</li>" for flag in row.item.flags)
            st.html(f'<ul class="st-doubts">{reasons}</ul>')
            st.caption(f"May move in the totals: {doubt_words.moves(row.item.moves)}.")
        if now is None or now.stamp != shown.stamp:
            _overtaken(store, shown)
        else:
            _actions(row, keys)
            if (doing := state.get(_DOING)) is not None:
                _form(view, store, Action(doing), shown, row.item)
        st.html(evidence.body_html(current.strike, current.claims, data.sources_of(current), current.corrections))


def _overtaken(store: Store, shown: Dossier) -> None:
    """Somebody else was quicker: what they changed, and a way on."""
    numbers = {each.number for each in amend.since(store, shown) or ()}
    told = [line.sentence for line in audit.lines(amend.log(store)) if line.correction.number in numbers]
    with st.container(border=True, key="review_overtaken"):
        st.warning("This strike has changed since you opened it. Nothing of yours was saved.")
        for sentence in told or ["Reports that bear on it have come in or changed."]:
            st.text(visible(sentence))
        st.button("Go on with what it is now", key="review_again", on_click=_look_again)


def _look_again() -> None:
    for name in (_SHOWN, _DOING):
        st.session_state.pop(name, None)
    others.forget()


def _actions(row: Row, keys: Sequence[str]) -> None:
    """A button for each action, and the key that does the same."""
    doing = st.session_state.get(_DOING)
    with st.container(horizontal=True, key="review_actions"):
        for action, (name, key, _) in ACTIONS.items():
            st.button(
                name,
                key=f"review-{action}",
                # While a reason is being written a letter is a letter.
                shortcut=None if doing else key,
                on_click=_begin,
                args=(action,),
                type="primary" if doing == action else "secondary",
                disabled=action is Action.ACCEPT and row.item is None,
            )
        following = keys[(keys.index(row.key) + 1) % len(keys)] if row.key in keys else next(iter(keys), row.key)
        if doing:
            st.button("Cancel", key="review-cancel", on_click=_begin, args=(None,))
        elif following != row.key:
            st.button("Next", key="review-next", shortcut="n", on_click=_open, args=(following,))


def _begin(action: Action | None) -> None:
    st.session_state[_DOING] = action


def _form(view: View, store: Store, action: Action, shown: Dossier, item: review.Item | None) -> None:
    """What an action asks for: its details, the reason, perhaps a link."""
    name, _, title = ACTIONS[action]
    with st.container(border=True, key="review_form"):
        st.markdown(f"**{title}**")
        drafts, seen = _details(view, action, shown, item)
        with st.form(f"review-form-{_turn()}", border=False):
            signed = who.field(f"review-who-{_turn()}")
            why = st.text_input(
                "Why", key=f"review-why-{_turn()}", max_chars=500, placeholder="What you checked, and against what"
            )
            link = st.text_input(
                "Link",
                key=f"review-link-{_turn()}",
                max_chars=500,
                placeholder="What it rests on, where that is online",
            )
            sent = st.form_submit_button(f"Save: {name.lower()}", type="primary", disabled=not drafts)
        decisions.focus("review_form", f"{_turn()}-{action}")
        if sent and drafts:
            _save(store, drafts, seen, signed, why, link.strip() or None)


def _details(
    view: View, action: Action, shown: Dossier, item: review.Item | None
) -> tuple[list[amend.Draft], list[Dossier]]:
    """What is to be written (nothing where the analyst has yet to say what), and the strikes that they saw."""
    claims = list(shown.claims)
    flagged = [claim for claim in claims if item and any(claim.claim_id in flag.claims for flag in item.flags)]
    match action:
        case Action.ACCEPT:
            seen = " ".join(item.seen) if item else ""
            return ([amend.Draft(action, tuple(flagged or claims), Change(seen=seen))] if item else []), [shown]
        case Action.REJECT:
            held = _claims_chosen("Claims to reject", claims, flagged or claims)
            return ([amend.Draft(action, tuple(held))] if held else []), [shown]
        case Action.SPLIT:
            held = _claims_chosen("Claims that are another strike", claims, [])
            if len(held) == len(claims):
                st.caption("Leave a claim behind: all of them together are this strike already.")
                return [], [shown]
            return ([amend.Draft(action, tuple(held))] if held else []), [shown]
        case Action.MERGE:
            other = others.chosen(view, shown, _turn())
            return ([amend.Draft(action, (*shown.claims, *other.claims))], [shown, other]) if other else ([], [shown])
        case _:
            return _mended(shown), [shown]


def _mended(shown: Dossier) -> list[amend.Draft]:
    """The claims in a table to be mended; gives the corrections that the changes come to."""
    pairs = mending.standing(shown.claims, shown.corrections)
    now = [claim for _, claim in pairs]
    st.caption("Change a cell where a claim was read wrongly; take the tick away to reject it. What was read is kept.")
    key = f"review-table-{_turn()}-{shown.stamp}"
    changes = papers.changes(claims_table.edited(papers.rows(now, {}), key), now)
    found = papers.outcome_of([read for read, _ in pairs], mending.as_read(pairs, changes))
    if found.problems:
        st.html(add_words.notice(found.problems, "stop"))
    if found.notes:
        st.html(add_words.notice(found.notes))
    return [] if found.problems else list(found.drafts)


def _claims_chosen(title: str, claims: Sequence[Claim], default: Sequence[Claim]) -> list[Claim]:
    """The claims that an analyst picks."""
    names = [doubt_words.claim_name(number, claim) for number, claim in enumerate(claims, 1)]
    picked = st.multiselect(
        title,
        range(len(claims)),
        default=[at for at, claim in enumerate(claims) if claim in default],
        format_func=names.__getitem__,
        key=f"review-claims-{title}-{_turn()}",
    )
    return [claims[at] for at in picked]


def _save(
    store: Store, drafts: Sequence[amend.Draft], seen: Sequence[Dossier], signed: str, why: str, link: str | None
) -> None:
    """Write what was decided, say so, and go on to the next."""
    if (problem := decisions.missing(signed, why, link)) is not None:
        st.error(problem)
        return
    try:
        made = amend.correct_all(store, drafts, who=signed, when=now(), why=why, link=link, seen=seen)
    except amend.OvertakenError:
        st.rerun()  # the page then says what has changed
    except ValueError as error:
        st.error(str(error))
        return
    who.is_me(signed)
    decisions.remember(made)
    st.query_params.pop(filters.STRIKE, None)
    _open(None)
    st.rerun()


# -- a correction that is lost ---------------------------------------------------------------------------------


def _lost_panel(store: Store, line: audit.Line) -> None:
    """A correction that finds its claim no longer: what it was, and a way to take it off the books."""
    with st.container(border=True, key="review_item"):
        st.markdown(f"**Correction {line.correction.number} is lost**")
        st.text(visible(line.sentence))
        st.markdown(
            "The sentence it holds on to is no longer read as it was, so it does nothing. Look at what is read now, "
            "correct that where it is wrong, and take this one back."
        )
        for sentence in line.lost:
            st.text(visible(sentence))
        decisions.undo_form(store, line.correction.number, "review")
