"""The libraries of the demo server, which Plex calls sections."""

from __future__ import annotations

from dataclasses import dataclass

from plexsync.demo.titles import FILMS, SERIES

AGENTS = {
    "movie": ("tv.plex.agents.movie", "Plex Movie"),
    "show": ("tv.plex.agents.series", "Plex TV Series"),
    "artist": ("tv.plex.agents.music", "Plex Music"),
    "photo": ("com.plexapp.agents.none", "Plex Photo Scanner"),
}


@dataclass(slots=True)
class Section:
    """A section; `changes` rises with its content, `refreshing` while the server scans it."""

    number: int
    title: str
    kind: str
    agent: str = ""
    refreshing: bool = False
    changes: int = 0
    raw: dict[str, str | None] | None = None

    @property
    def scanner(self) -> str:
        return AGENTS[self.kind][1]

    def __post_init__(self) -> None:
        self.agent = self.agent or AGENTS[self.kind][0]

    @property
    def path(self) -> str:
        return f"/data/{self.title.lower()}"


def usual_sections() -> dict[int, Section]:
    """Films and series, as every library of the demo has them at first."""
    return {FILMS: Section(FILMS, "Films", "movie"), SERIES: Section(SERIES, "Series", "show")}
