"""As Django's, but 8:15 PM: "8:15 p.m." at the end of a sentence has one dot too many."""

TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "N j, Y, g:i A"
SHORT_DATETIME_FORMAT = "m/d/Y g:i A"
