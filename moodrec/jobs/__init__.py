"""Background jobs as rows: asked for, queued, run once, with visible progress; knows no app."""
