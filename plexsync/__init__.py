"""The catalogue: mirrors the household's Plex, its posters and who lives here."""
