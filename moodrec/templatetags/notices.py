"""`{{ message|undo_address }}`: where what a notice tells of is taken back."""

from django import template

from moodrec import notices

register = template.Library()
register.filter("undo_address", notices.undo_address)
