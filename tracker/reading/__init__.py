"""The figure grammar: one sentence in, what each of its figures counts out.

From the words upwards: ``words``, ``nouns`` and ``predicates`` are the lexicon; ``glossed`` finds it in a
sentence; ``numbered`` (with ``heads`` and ``people``) and ``singles`` make ``phrase``s; ``layout``, ``voice``
and ``sentence`` say how they stand to the verbs; ``subjects``, ``objects``, ``tolls``, ``munitions``, ``parts``,
``lists``, ``harm``, ``told`` and ``nobody`` are the cases; ``groups`` says who; ``counts`` puts it in order.
"""
