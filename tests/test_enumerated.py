"""What a sentence lists is added up in its strike (docs/codebook.md 8): sentence → all killed, all injured."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.extract import extract
from tracker.models import Group, Measure, Report
from tracker.reconcile import reconcile

_LISTS = {
    "Two mechanics and four others were killed at a garage in Basra.": (6, None),
    "A guard and two others were killed at a mill in Basra.": (3, None),
    "A mortar shell hit a bakery in Basra, killing a soldier and injuring a clerk and three other people.": (1, 4),
    "A bomber killed himself and four shoppers in Basra.": (4, None),
    "Four French soldiers, three Malian soldiers and a civilian were hurt near Gao.": (None, 8),
    "A mine killed three people and two children outside Gao.": (5, None),
    "The raid in Gao killed six herders, hurting nine others as well as two civilians.": (6, 11),
    "At least 30 people and twelve soldiers died in Gao.": (42, None),
    "In Gao 32 shoppers and three suicide bombers were killed.": (32, None),
    "Two women, a nurse and three policemen died in Gao.": (6, None),
    "A couple and their four children died when a shell hit their house in Gao.": (6, None),
    "A mine near Basra went off under a\ncart on its way, killing nine Copts and\none Druze.": (10, None),
    # "along with" and its like join two figures across the verb and the scene of the first
    "The manager of a mill in Basra was stabbed to death in his sleep along with his wife and three sons.": (5, None),
    "The mayor of Gao was killed together with two bodyguards.": (3, None),
    "Gunmen killed a judge on his way to court in Gao, together with his driver and a guard.": (3, None),
    "A trader, 61, was killed in his shop in Gao, along with four customers.": (5, None),
    "A girl of nine and her mother were killed along with two cousins in Gao.": (4, None),
    # not added: the whole of its parts, places of their own, another voice, the same told again
    "Five people, three soldiers and two policemen, were killed in Gao.": (5, None),
    "Nine people died in Gao, an officer together with eight soldiers.": (9, None),
    "A man died in Gao but two others were hurt along with a dog.": (1, 2),
    "Ten people died in Gao: six in a market, four in a mosque.": (10, None),
    "Four people and a guard died in Gao; the army said five people were killed.": (5, None),
    "In Gao nine people were killed and 20 others wounded. Residents buried the nine dead at dusk.": (9, 20),
}
#: Within a report, a figure that its own lower bound exceeds is a part; none among some is no toll.
_OF_MORE = {
    "At least 22 people died in two blasts in Basra. The first killed nine.": (22, None),
    "The first of two blasts in Basra killed nine people. At least 22 died in all.": (22, None),
    "At least 65 people were killed in Khost. There were no casualties among the troops.": (65, 0),
    "Some 70 people were hurt in Basra. More than 70 people were injured, the mayor said.": (None, 70),
}


@pytest.mark.parametrize("text", [*_LISTS, *_OF_MORE])
def test_what_one_text_says_of_all(text: str) -> None:
    strikes = reconcile(extract(Report("r", text, published=dt.date(2024, 5, 5))))
    assert len(strikes) == 1
    found = [strikes[0].figure(measure, Group.ALL) for measure in (Measure.KILLED, Measure.INJURED)]
    assert tuple(figure and figure.best for figure in found) == {**_LISTS, **_OF_MORE}[text]
