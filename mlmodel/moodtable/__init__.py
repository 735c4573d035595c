"""The table of moods: what it says, the household's own rules on top, and the page to change it."""
