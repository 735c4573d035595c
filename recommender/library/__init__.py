"""The library page: every title the household owns, to search, narrow down and look at."""
