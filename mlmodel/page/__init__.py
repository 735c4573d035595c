"""The model page: what was learnt, in words and pictures, and how to take a lesson back."""
