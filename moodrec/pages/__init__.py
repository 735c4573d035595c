"""The pages of the whole install: settings, jobs, backups, keys, about."""
