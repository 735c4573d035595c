"""What each person wishes for tonight, and what their wishes come to together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from mlmodel.moods import MOODS

FULL, HALF = 1.0, 0.6  # beside something that is wanted very much, the rest is wanted less


@dataclass(frozen=True, slots=True)
class Wish:
    """What a guest wishes for; each of the three in the order of the vocabulary."""

    name: str = ""
    vibe: tuple[str, ...] = ()
    """Everything that is wanted."""
    strong: tuple[str, ...] = ()
    """What of it is wanted very much."""
    avoid: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what an ask has stored."""
        moods = {name: known(stored.get(name) or ()) for name in ("vibe", "strong", "avoid")}
        return cls(name=str(stored.get("name", "")), **moods)

    def to_json(self) -> dict[str, Any]:
        return {
            name: value if name == "name" else list(value) for name, value in asdict(self).items()
        }


def known(moods: Iterable[str]) -> tuple[str, ...]:
    """Return these of our moods, each once, in the order of the vocabulary."""
    return tuple(sorted(set(moods) & set(MOODS), key=MOODS.index))


def intensities(vibe: Sequence[str], strong: Sequence[str]) -> dict[str, float]:
    """Return how much one person wants each mood, 0..1."""
    return {mood: FULL if mood in strong or not strong else HALF for mood in vibe}


def together(voices: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the average intensity of each mood over those who wished for anything at all."""
    spoken = [voice for voice in voices if voice]
    moods = sorted({mood for voice in spoken for mood in voice})
    return {mood: sum(voice.get(mood, 0.0) for voice in spoken) / len(spoken) for mood in moods}


def ruled_out(wishes: Iterable[Wish]) -> tuple[str, ...]:
    """Return every mood that one of these wants none of."""
    return known(mood for wish in wishes for mood in wish.avoid)
