"""The log: what was asked, what was shown, what was said."""
