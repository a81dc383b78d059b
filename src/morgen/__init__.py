"""Morgen: an open digital twin for municipalities."""
