"""The page of one title: what it is, what it is worth to whom, and why it was not among the three."""
