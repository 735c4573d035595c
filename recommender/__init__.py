"""Asks the mood, picks and explains titles."""
