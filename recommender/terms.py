"""A term of a score as it is told, and what the words need beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlmodel.met import NOTHING, Met
from mlmodel.records import Candidate


@dataclass(frozen=True, slots=True)
class Told:
    """A term that is told: whose or when (`context`), of what (`trait`), and how much, in logits."""

    context: str
    """`prior`, `tree`, `seen`, `household`, `viewer`, or a moment such as `mood:funny`."""
    trait: str
    value: float


@dataclass(frozen=True, slots=True)
class Teller:
    """What the words need beside the term."""

    candidate: Candidate
    who: str = ""
    """The viewer's name; empty where nobody in particular asks, or all of a group."""
    in_group: bool = False
    follows: str = ""
    """The title on the shelf that comes before this one."""
    seen: Sequence[str] = ()
    """Who of a group has seen it; empty: all."""
    met: Callable[[str], Met] = lambda _trait: NOTHING
